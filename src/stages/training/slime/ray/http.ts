import http from 'node:http'
import https from 'node:https'

export interface Answer {
  readonly status: number
  readonly body: http.IncomingMessage
}

export interface Question {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | undefined
  /** Of the whole exchange, body included. */
  readonly timeoutMs: number
}

/** One HTTP exchange. Not by `fetch`: its `sec-fetch-mode` header makes Ray take it for a browser and refuse whatever is no GET. */
export function ask(url: string, { method, headers, body, timeoutMs }: Question): Promise<Answer> {
  const { request } = url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const asked = request(url, { method, headers, signal }, (answer) => {
      resolve({ status: answer.statusCode ?? 0, body: answer })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** An answer about a job is a few kilobytes; what is far longer is something else. */
const LONGEST = 4_000_000

/** The body as text; what is beyond 4 MB is left out. */
export async function textOf({ body }: Answer): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    parts.push(part)
    size += part.length
    if (size > LONGEST) break
  }
  return Buffer.concat(parts).toString('utf8')
}

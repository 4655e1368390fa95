import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { officialClient } from './clients.js'

/** A response as the official client gives it. */
export interface ClientResponse {
  readonly text?: string
  readonly functionCalls?: readonly { readonly id?: string; readonly name?: string; readonly args?: unknown }[]
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly ClientPart[] }
    readonly finishReason?: string
  }[]
  readonly usageMetadata?: Readonly<Record<string, unknown>>
  readonly modelVersion?: string
}

interface ClientPart {
  readonly text?: string
  readonly thought?: boolean
  readonly thoughtSignature?: string
}

interface Client {
  readonly models: {
    generateContent(request: object): Promise<ClientResponse>
    generateContentStream(request: object): Promise<AsyncIterable<ClientResponse>>
  }
}

type Constructor = new (options: object) => Client

/** What was asked for, as the server saw it. */
export interface Asked {
  readonly path: string
  readonly body: unknown
}

const REQUEST = { model: 'm', contents: 'hi' }

/** Asks the official client, to which a server answers with a body; null where it is not installed. */
export function googleClient(): null | {
  stream(body: string, status?: number): Promise<readonly ClientResponse[]>
  whole(body: string, status?: number): Promise<ClientResponse>
  /** What the client sends for a request. */
  sends(request: object): Promise<Asked>
} {
  const module = officialClient('@google/genai') as { readonly GoogleGenAI: Constructor } | null
  if (module === null) return null
  const clientOf = (baseUrl: string): Client =>
    new module.GoogleGenAI({ apiKey: 'k', vertexai: false, httpOptions: { baseUrl } })
  return {
    stream: async (body, status = 200) =>
      answering({ body, status, type: 'text/event-stream' }, async (url) => {
        const responses: ClientResponse[] = []
        for await (const one of await clientOf(url).models.generateContentStream(REQUEST)) responses.push(one)
        return responses
      }),
    whole: async (body, status = 200) =>
      answering({ body, status, type: 'application/json' }, async (url) =>
        clientOf(url).models.generateContent(REQUEST),
      ),
    sends: async (request) => {
      const seen: Asked[] = []
      await answering({ body: '{}', status: 200, type: 'application/json', seen }, async (url) =>
        clientOf(url).models.generateContent(request),
      )
      return seen[0] ?? { path: '', body: undefined }
    },
  }
}

interface Answer {
  readonly body: string
  readonly status: number
  readonly type: string
  readonly seen?: Asked[]
}

async function answering<T>({ body, status, type, seen }: Answer, ask: (url: string) => Promise<T>): Promise<T> {
  const note = async (request: IncomingMessage): Promise<void> => {
    const sent = await text(request)
    seen?.push({ path: (request.url ?? '').replace(/\?.*$/, ''), body: JSON.parse(sent) as unknown })
  }
  const server = createServer((request, response) => {
    void note(request).then(() => response.writeHead(status, { 'content-type': type }).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

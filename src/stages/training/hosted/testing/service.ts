import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What goes wrong with one request. `after`: it is done all the same. */
export const FAULTS = [
  'none',
  'put-off',
  'break-before',
  'break-after',
  'drop-before',
  'drop-after',
  'stall-before',
  'stall-after',
  'late',
  'garbage-after',
  'cut-after',
] as const
export type Fault = (typeof FAULTS)[number]

export const KEY = 'sk-test-0123456789'

interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

type Fields = Record<string, unknown>

export interface ServiceOptions {
  /** One a request, in order; none afterwards. */
  readonly faults?: readonly Fault[]
  /** What each look at a job finds; the last stays. */
  readonly states?: readonly Fields[]
  /** Oldest first. */
  readonly events?: readonly Fields[]
  /** How long a late request takes, in ms. */
  readonly lateMs?: number
  /** Jobs of others. */
  readonly others?: number
}

/** A service with OpenAI's endpoints for files and fine-tuning, on the loopback, where things go wrong as they are told to. */
export class FakeService {
  readonly files = new Map<string, string>()
  /** Newest first, as the API lists them. */
  readonly jobs: Fields[] = []
  created = 0
  cancelled = 0
  readonly asked: Asked[] = []
  private readonly faults: Fault[]
  private looks = 0
  private readonly server = createServer((request, response) => void this.answer(request, response))

  constructor(private readonly options: ServiceOptions = {}) {
    this.faults = [...(options.faults ?? [])]
    for (let index = 0; index < (options.others ?? 0); index += 1)
      this.jobs.push({ id: `ftjob-other-${index}`, status: 'succeeded', training_file: `file-other-${index}` })
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve)
    })
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    try {
      for await (const part of request) parts.push(part as Buffer)
    } catch {
      return
    }
    const url = new URL(request.url ?? '/', 'http://x')
    const asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      body: Buffer.concat(parts).toString(),
    }
    this.asked.push(asked)
    const say = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    }
    if (request.headers.authorization !== `Bearer ${KEY}`) {
      say(401, { error: { message: `Incorrect API key provided: ${String(request.headers.authorization)}` } })
      return
    }
    const fault = this.faults.shift() ?? 'none'
    if (fault === 'put-off') say(429, { error: { message: 'slow down' } }, { 'retry-after': '0' })
    else if (fault === 'break-before') say(503, { error: { message: 'overloaded' } })
    else if (fault === 'drop-before') response.destroy()
    else if (fault !== 'stall-before') await this.done(asked, fault, response, say)
  }

  private async done(
    asked: Asked,
    fault: Fault,
    response: ServerResponse,
    say: (status: number, body: unknown) => void,
  ): Promise<void> {
    if (fault === 'late') await sleep(this.options.lateMs ?? 0)
    const [status, body] = this.route(asked)
    if (fault === 'none' || fault === 'late') say(status, body)
    if (fault === 'break-after') say(500, { error: { message: 'something broke' } })
    if (fault === 'drop-after') response.destroy()
    if (fault === 'garbage-after') response.writeHead(200).end('<html>a proxy</html>')
    if (fault === 'cut-after') {
      response.writeHead(200, { 'content-length': '9999' }).write(JSON.stringify(body).slice(0, 20))
      setTimeout(() => response.destroy(), 5)
    }
  }

  private route({ method, path, query, body }: Asked): readonly [number, unknown] {
    if (method === 'POST' && path === '/v1/files') return this.upload(body)
    if (method === 'POST' && path === '/v1/fine_tuning/jobs') return this.create(JSON.parse(body) as Fields)
    if (path === '/v1/fine_tuning/jobs') return [200, pageOf(this.jobs, query)]
    const [, id, rest] = /^\/v1\/fine_tuning\/jobs\/([^/]+)(?:\/(events|cancel))?$/.exec(path) ?? []
    const job = this.jobs.find((one) => one['id'] === id)
    if (job === undefined) return [404, { error: { message: `no ${path}` } }]
    if (rest === 'events') return [200, pageOf([...(this.options.events ?? [])].reverse(), query)]
    if (rest === 'cancel') {
      this.cancelled += 1
      Object.assign(job, { status: 'cancelled' })
      return [200, job]
    }
    const states = this.options.states ?? [{ status: 'running' }, { status: 'succeeded', fine_tuned_model: 'ft:m:1' }]
    if (job['status'] !== 'cancelled') Object.assign(job, states[Math.min(this.looks, states.length - 1)])
    this.looks += 1
    return [200, job]
  }

  private upload(body: string): readonly [number, unknown] {
    if (!/name="purpose"\r\n\r\nfine-tune\r\n/.test(body)) return [400, { error: { message: 'no purpose' } }]
    const [, content = ''] = /filename="[^"]+"\r\n(?:[^\r\n]+\r\n)*\r\n([\s\S]*?)\r\n--/.exec(body) ?? []
    const id = `file-${this.files.size + 1}`
    this.files.set(id, content)
    return [200, { id, object: 'file', purpose: 'fine-tune' }]
  }

  private create(body: Fields): readonly [number, unknown] {
    if (!this.files.has(String(body['training_file']))) return [400, { error: { message: 'no such file' } }]
    this.created += 1
    const job = {
      ...body,
      id: `ftjob-${this.created}`,
      status: 'validating_files',
      created_at: 1_000,
      finished_at: null,
    }
    this.jobs.unshift(job)
    return [200, job]
  }
}

/** Two a page, whatever is asked for. */
function pageOf(items: readonly Fields[], query: URLSearchParams): Fields {
  const after = query.get('after')
  const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1
  const data = items.slice(start, start + 2)
  return { object: 'list', data, has_more: start + 2 < items.length }
}

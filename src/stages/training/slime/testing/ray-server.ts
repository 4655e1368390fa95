import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Answer {
  readonly status: number
  readonly body: string
}

const ok = (value: unknown): Answer => ({ status: 200, body: JSON.stringify(value) })

/** One job as the served stand-in for Ray's dashboard knows it. */
export interface ServedJob {
  status: 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED'
  log: string
  message?: string
  readonly entrypoint: string
  readonly runtimeEnvironment: unknown
}

export interface RayServer {
  readonly address: string
  readonly jobs: Map<string, ServedJob>
  readonly packages: Map<string, Buffer>
  /** Methods and routes, in their order. */
  readonly asked: string[]
  /** What a job is right after it was submitted; looked at each time its state is asked for. */
  onAsked: (id: string, job: ServedJob, times: number) => unknown
  /** In place of any answer; null for the server's own. */
  refuse: (method: string, route: string) => Answer | null
  close(): Promise<void>
}

/** Ray's job API as far as limi uses it, in the shapes of Ray 2.60. */
export async function serveRay(): Promise<RayServer> {
  const times = new Map<string, number>()
  const server = createServer((request, response) => void answer(request, response))
  const state: Omit<RayServer, 'address'> = {
    jobs: new Map(),
    packages: new Map(),
    asked: [],
    onAsked: () => undefined,
    refuse: () => null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [method, route] = [request.method ?? '', request.url ?? '']
    const body = await bodyOf(request)
    state.asked.push(`${method} ${route}`)
    // As Ray does: a browser, which these headers betray, may only read.
    if (method !== 'GET' && 'sec-fetch-mode' in request.headers) {
      response.writeHead(405).end(`'${method}' method not allowed for browser traffic.`)
      return
    }
    const { status, body: text } = state.refuse(method, route) ?? (await answerOf(method, route, body))
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  }

  async function answerOf(method: string, route: string, body: Buffer): Promise<Answer> {
    if (route === '/api/version') return ok({ version: '4', ray_version: '2.60.0' })
    if (route.startsWith('/api/packages/gcs/')) return packageOf(method, route, body)
    return method === 'POST' && route === '/api/jobs/' ? submit(body) : jobOf(route)
  }

  function packageOf(method: string, route: string, body: Buffer): Answer {
    const name = route.slice('/api/packages/gcs/'.length)
    if (method === 'PUT') state.packages.set(name, body)
    return { status: state.packages.has(name) ? 200 : 404, body: '' }
  }

  function submit(body: Buffer): Answer {
    const sent = JSON.parse(body.toString()) as { submission_id: string; entrypoint: string; runtime_env: unknown }
    const { submission_id: id, entrypoint, runtime_env: runtimeEnvironment } = sent
    state.jobs.set(id, { status: 'PENDING', log: '', entrypoint, runtimeEnvironment })
    return ok({ job_id: id, submission_id: id })
  }

  async function jobOf(route: string): Promise<Answer> {
    const [, id = '', action] = /^\/api\/jobs\/([^/]+)(?:\/(\w+))?$/.exec(route) ?? []
    const found = state.jobs.get(decodeURIComponent(id))
    if (found === undefined) return { status: 404, body: `Job ${id} does not exist` }
    if (action === 'logs') return ok({ logs: found.log })
    if (action === 'stop') {
      found.status = 'STOPPED'
      return ok({ stopped: true })
    }
    times.set(id, (times.get(id) ?? 0) + 1)
    await state.onAsked(id, found, times.get(id) ?? 1)
    const { status, message = null } = found
    const hasEnded = status !== 'PENDING' && status !== 'RUNNING'
    return ok({ type: 'SUBMISSION', status, message, start_time: 1_000, end_time: hasEnded ? 61_000 : null })
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(state, { address: `http://127.0.0.1:${String(port)}` })
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** A line as Ray prints a training actor's, colours and all; steps count from 0. */
export const stepLine = (step: number, loss: string, nextRate: string): string =>
  `\u001b[36m(MegatronTrainRayActor pid=71, ip=10.0.0.2)\u001b[0m [2026-08-21 16:14:19] model.py:823 - step ${String(step)}: ` +
  `{'train/loss': ${loss}, 'train/grad_norm': 0.5, 'train/lr-pg_0': ${nextRate}, 'train/lr-pg_1': ${nextRate}, ` +
  `'train/global_batch_size': 64, 'train/step': ${String(step)}}\n`

export const savedLine = (iteration: number): string =>
  `(MegatronTrainRayActor pid=71)   successfully saved checkpoint from iteration ${String(iteration).padStart(7)} to /shared/x [ t 1/8, p 1/4 ]\n`

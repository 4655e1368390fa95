import { randomBytes } from 'node:crypto'
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { done, failed, type Result } from '../../../nouns/index.js'
import type { Environment } from '../../agents/index.js'
import type { RecorderRoute } from '../recorder.js'
import type { CallTap, Tap } from '../tap.js'
import { admit, type Admitted, type Refused } from './admit.js'
import { answererFor, type Answerer } from './answerer.js'
import type { Exchange } from './exchange.js'
import { answerJson } from './problem.js'

export interface GatewayOptions {
  readonly routes: readonly RecorderRoute[]
  readonly tap: Tap
  readonly warn: (line: string) => void
  /** Whose proxies are used. */
  readonly env: Environment
}

export interface Gateway {
  urlOf(route: string): string
  /** Breaks off what is under way. */
  close(): Promise<void>
}

/** Connections of an agent wait for its next request however long it works meanwhile. */
const IDLE_MS = 3_600_000
const SERVER = { maxHeaderSize: 128 << 10, noDelay: true, requestTimeout: 0, keepAliveTimeout: IDLE_MS }

/** Listens on loopback for an agent's calls and has each answered by its route. Failures: `record.upstream`, `record.port`. */
export async function startGateway(options: GatewayOptions): Promise<Result<Gateway>> {
  const answerers = new Map<string, Answerer>()
  for (const route of options.routes) {
    const answerer = answererFor(route, options.env)
    if (!answerer.ok) return answerer
    answerers.set(route.name, answerer.value)
  }
  const token = randomBytes(16).toString('hex')
  const open = new OpenCalls()
  const server = createServer(SERVER, (request, response) =>
    take(request, response, { token, answerers, options, open }),
  )
  server.on('upgrade', (request, socket: Duplex) => refuseUpgrade(request, socket, { token, answerers, options, open }))
  server.on('clientError', (_error, socket: Duplex) => socket.destroy())
  const listening = await listen(server)
  if (!listening.ok) return listening
  const base = `http://127.0.0.1:${listening.value}/${token}`
  return done({
    urlOf: (route) => `${base}/${route}`,
    close: async () => {
      open.cut()
      server.close()
      server.closeAllConnections()
      for (const answerer of answerers.values()) answerer.close()
    },
  })
}

interface Setting {
  readonly token: string
  readonly answerers: ReadonlyMap<string, Answerer>
  readonly options: GatewayOptions
  readonly open: OpenCalls
}

function take(request: IncomingMessage, response: ServerResponse, setting: Setting): void {
  const admitted = found(request, setting)
  if ('status' in admitted) {
    answerJson(response, admitted.status, errorText(admitted.message))
    return
  }
  const { answerer, route, rest } = admitted
  const { tap, warn } = setting.options
  const path = `${answerer.basePath}${withoutQuery(rest)}`
  const call = openCall(request, { route, rest, path }, tap)
  const end: Exchange['end'] = setting.open.add(call)
  // What one side does to a connection that the other gave up is told by `close`.
  for (const side of [request, response]) side.on('error', () => undefined)
  answerer.answer({ request, response, rest, path, tap, call, end, warn })
}

type Found = Admitted & { readonly answerer: Answerer }

function found(request: IncomingMessage, { token, answerers }: Setting): Found | Refused {
  const admitted = admit(request, token)
  if ('status' in admitted) return admitted
  const answerer = answerers.get(admitted.route)
  return answerer === undefined
    ? { status: 404, message: `There is no route ${JSON.stringify(admitted.route)} here.` }
    : { ...admitted, answerer }
}

/** Programs that would rather use a WebSocket fall back to HTTP when they are told so. */
function refuseUpgrade(request: IncomingMessage, socket: Duplex, setting: Setting): void {
  socket.on('error', () => undefined)
  const admitted = found(request, setting)
  const status = 'status' in admitted ? admitted.status : 426
  if (!('status' in admitted)) {
    const { answerer, route, rest } = admitted
    const path = `${answerer.basePath}${withoutQuery(rest)}`
    const call = openCall(request, { route, rest, path }, setting.options.tap)
    call.requestEnd(true)
    call.response(426, [])
    call.end('complete', 'an upgrade is refused: the agent is to use plain HTTP')
  }
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function openCall(request: IncomingMessage, { route, rest, path }: Admitted & { path: string }, tap: Tap): CallTap {
  const { method = 'GET', rawHeaders } = request
  return tap.open({ route, method, url: rest, path, headers: rawHeaders })
}

const withoutQuery = (url: string): string => url.split('?', 1)[0] ?? ''

function listen(server: Server): Promise<Result<number>> {
  return new Promise((resolve) => {
    server.once('error', ({ message }) =>
      resolve(failed({ kind: 'missing', code: 'record.port', message, where: '127.0.0.1' })),
    )
    server.listen(0, '127.0.0.1', () => resolve(done((server.address() as AddressInfo).port)))
  })
}

const errorText = (message: string): string => JSON.stringify({ error: { message } })

/** The calls under way; each is told to have ended once. */
class OpenCalls {
  readonly #calls = new Set<CallTap>()

  add(call: CallTap): Exchange['end'] {
    this.#calls.add(call)
    return (how, problem) => {
      if (this.#calls.delete(call)) call.end(how, problem)
    }
  }

  cut(): void {
    for (const call of this.#calls) call.end('cut', 'the recording ended before the answer did')
    this.#calls.clear()
  }
}

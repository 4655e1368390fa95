import type { IncomingMessage, OutgoingMessage } from 'node:http'
import { pairsOf } from '../headers.js'
import type { Exchange } from './exchange.js'
import { isChunked, towardsAgent, towardsUpstream } from './headers.js'
import type { Target } from './outbound.js'
import { answerJson, problemText } from './problem.js'
import { pump } from './pump.js'

/** Passes an exchange on, every byte as it comes, in both directions. */
export function pass(exchange: Exchange, target: Target): void {
  const { request, response, rest, tap, call, end } = exchange
  const method = request.method ?? 'GET'
  const headers = towardsUpstream(request.rawHeaders, target.host, method)
  const outgoing = target.request(method, `${target.basePath}${rest}`, headers)
  outgoing.on('response', (incoming) => answer(exchange, incoming))
  outgoing.on('information', ({ statusCode, headers: hints }) => {
    if (statusCode === 102) response.writeProcessing()
    if (statusCode === 103 && hints.link !== undefined) response.writeEarlyHints({ link: hints.link })
  })
  outgoing.on('error', (error) => void refuse(exchange, target, error))
  response.on('close', () => {
    if (response.writableFinished) return
    end('client-gone')
    outgoing.destroy()
  })
  pump(request, outgoing, tap, (bytes) => call.requestBytes(bytes))
  request.on('end', () => {
    if (request.rawTrailers.length > 0 && isChunked(request.rawHeaders)) addTrailers(outgoing, request)
    outgoing.end()
    call.requestEnd(true)
  })
}

function answer({ response, tap, call, end }: Exchange, incoming: IncomingMessage): void {
  const status = incoming.statusCode ?? 502
  response.sendDate = false
  response.writeHead(status, incoming.statusMessage, towardsAgent(incoming.rawHeaders))
  pump(incoming, response, tap, (bytes) => call.responseBytes(bytes))
  call.response(status, incoming.rawHeaders)
  // With the first bytes where they are there already, alone where the model still thinks.
  let isBegun = false
  incoming.once('data', () => (isBegun = true))
  setImmediate(() => {
    if (!isBegun && !response.writableEnded) response.flushHeaders()
  })
  incoming.on('end', () => {
    if (incoming.rawTrailers.length > 0) addTrailers(response, incoming)
    response.end()
    end('complete')
  })
  const broken = (): void => {
    if (incoming.complete) return
    end('upstream-gone', 'the connection to the model broke while it answered')
    response.destroy()
  }
  incoming.on('error', broken)
  incoming.on('close', broken)
}

const addTrailers = (to: OutgoingMessage, { rawTrailers }: IncomingMessage): void =>
  to.addTrailers(pairsOf(rawTrailers) as [string, string][])

/** Nothing came: the agent is told in the words that it knows. */
async function refuse(exchange: Exchange, { host }: Target, error: Error): Promise<void> {
  const { request, response, path, call, end, warn } = exchange
  if (response.headersSent || response.destroyed) return
  const why = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 'connection refused' : wordsOf(error)
  const message = `${host} could not be reached: ${why}`
  warn(message)
  const problem = { status: 502, code: 'upstream.unreachable', message: `limi: ${message}` }
  call.requestEnd(request.complete)
  end('upstream-gone', message)
  request.resume()
  answerJson(response, 502, await problemText(request.method ?? 'GET', path, problem))
}

/** Where several addresses were tried, the error has no words of its own. */
const wordsOf = (error: Error): string =>
  error instanceof AggregateError ? error.errors.map((one: Error) => one.message).join(', ') : error.message

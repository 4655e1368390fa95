import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import type { ChatModel, ModelEvent } from '../model.js'
import {
  failureError,
  notUnicode,
  parameterError,
  reply,
  requestError,
  unknownModel,
  wireError,
  type WireError,
} from './errors.js'
import { within } from './patience.js'
import { brokenText, toModelRequest, unseenIn, WireRequest } from './request.js'
import { chunkWriter, wholeResponse, type ResponseHead, type Spoken } from './response.js'

/** How long a stream's beginning waits for the first word: a failure until then is an HTTP error. */
const PATIENCE_MS = 10_000
/** Clients and what stands between give up on a connection on which nothing comes. */
const SIGN_OF_LIFE_MS = 15_000

export type Log = (line: string) => void

/** One request under way. */
interface Work {
  readonly context: Context
  readonly head: ResponseHead
  readonly events: AsyncIterator<ModelEvent>
  readonly stop: AbortController
  /** Grows while the model answers. */
  readonly warnings: string[]
  readonly log: Log
}

/** `POST /v1/chat/completions`. */
export async function complete(context: Context, model: ChatModel, log: Log): Promise<Response> {
  const wire = await readRequest(context, model)
  if ('status' in wire) {
    log(`${wire.status} ${wire.body.error.message}`)
    return reply(context, wire)
  }
  const stop = new AbortController()
  const signal = AbortSignal.any([context.req.raw.signal, stop.signal])
  const events = model.stream(toModelRequest(wire), signal)[Symbol.asyncIterator]()
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: model.name }
  const work: Work = { context, head, events, stop, warnings: [...unseenIn(wire)], log: timed(log) }
  if (wire.stream !== true) return answerWhole(work)
  return answerStream(work, wire.stream_options?.include_usage === true)
}

/** Some clients send `null` for each parameter that they leave alone. */
async function readRequest(context: Context, model: ChatModel): Promise<WireRequest | WireError> {
  const body: unknown = await context.req.json().catch(() => undefined)
  if (body === undefined) return wireError(400, 'invalid_json', 'The request is not JSON.')
  const broken = brokenText(body)
  if (broken !== null) return notUnicode(broken)
  const parsed = WireRequest.safeParse(withoutNulls(body))
  if (!parsed.success) return requestError(parsed.error, model.name)
  return parsed.data.model === model.name ? parsed.data : unknownModel(parsed.data.model, model.name)
}

const withoutNulls = (body: unknown): unknown =>
  typeof body !== 'object' || body === null || Array.isArray(body)
    ? body
    : Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))

/** Lines of a response with the time since its request came. */
function timed(log: Log): Log {
  const began = performance.now()
  return (line) => log(`${((performance.now() - began) / 1000).toFixed(1)} s: ${line}`)
}

/** The next event that says something; warnings before it are noted, and a parameter that the model does not take is an error. */
async function nextSpoken(work: Work): Promise<Spoken | WireError | null> {
  for (let next = await work.events.next(); next.done !== true; next = await work.events.next()) {
    const event = next.value
    if (event.type === 'failure') return failureError(event)
    if (event.type !== 'warning') return event
    if (event.parameter !== undefined) return refuse(work, parameterError(event.parameter, event.text))
    work.warnings.push(event.text)
  }
  return null
}

function refuse({ stop }: Work, error: WireError): WireError {
  stop.abort()
  return error
}

async function answerWhole(work: Work): Promise<Response> {
  const all: Spoken[] = []
  for (let event = await nextSpoken(work); event !== null; event = await nextSpoken(work)) {
    if ('status' in event) return answerError(work, event)
    all.push(event)
  }
  warn(work)
  logEnd(work, all)
  return work.context.json(wholeResponse(work.head, all, work.warnings))
}

function answerError({ context, log }: Work, error: WireError): Response {
  log(`${error.status} ${error.body.error.message}`)
  return reply(context, error)
}

/** A failure before the first word is an HTTP error; a later one is an error in the stream, which then has no `[DONE]`. */
async function answerStream(work: Work, includeUsage: boolean): Promise<Response> {
  const first = nextSpoken(work)
  const soon = await within(first, PATIENCE_MS)
  if (soon !== 'late' && soon !== null && 'status' in soon) return answerError(work, soon)
  warn(work)
  return streamSSE(work.context, async (stream) => {
    stream.onAbort(() => work.stop.abort())
    await writeStream(stream, work, { first, includeUsage })
  })
}

async function writeStream(
  stream: SSEStreamingApi,
  work: Work,
  { first, includeUsage }: { first: Promise<Spoken | WireError | null>; includeUsage: boolean },
): Promise<void> {
  const writer = chunkWriter(work.head, includeUsage, work.warnings)
  const all: Spoken[] = []
  await stream.writeSSE({ data: writer.first() })
  for (let event = await patiently(stream, first); event !== null; event = await patiently(stream, nextSpoken(work))) {
    if ('status' in event) {
      work.log(`broken off: ${event.body.error.message}`)
      return stream.writeSSE({ data: JSON.stringify(event.body) })
    }
    if (event.type === 'usage' || event.type === 'stop') all.push(event)
    for (const data of writer.chunksOf(event)) await stream.writeSSE({ data })
  }
  await stream.writeSSE({ data: '[DONE]' })
  logEnd(work, all)
}

function logEnd({ warnings, log }: Work, events: readonly Spoken[]): void {
  log(`200 ${countOf(events)}`)
  for (const line of warnings) log(`warning: ${line}`)
}

/** Waits with a comment line every while, which clients pass over. */
async function patiently<T>(stream: SSEStreamingApi, waited: Promise<T>): Promise<T> {
  for (;;) {
    const come = await within(waited, SIGN_OF_LIFE_MS)
    if (come !== 'late') return come
    await stream.write(': still at work\n\n')
  }
}

/** Header lines for what is known before the first word; all warnings stand in the body's `limi_warnings`. */
function warn({ context, warnings }: Work): void {
  for (const line of warnings) {
    context.header('x-limi-warning', line.replace(/[^\x20-\x7e]/g, '?'), { append: true })
  }
}

function countOf(events: readonly Spoken[]): string {
  const usage = events.find((event) => event.type === 'usage')?.usage
  const stop = events.find((event) => event.type === 'stop')?.reason ?? 'no end'
  return usage === undefined ? stop : `${usage.inputTokens} + ${usage.outputTokens} tokens, ${stop}`
}

import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { readJson } from '../../json/index.js'
import type { ChatModel, ModelEvent } from '../../models/index.js'
import type {
  Operation,
  ResponseHead,
  Spoken,
  StreamWriter,
  WireDialect,
  WireProblem,
  WireRequest,
} from '../dialect.js'
import { modelRequest } from '../model-request.js'
import { within } from './patience.js'
import { failureProblem, NOT_JSON, notUnicode, parameterProblem, unknownModel } from './problems.js'
import { reply } from './reply.js'
import { brokenText, strictProblem } from './strict.js'

/** How long a stream's beginning waits for the first word: a failure until then is an HTTP error. */
const PATIENCE_MS = 10_000
/** Clients and what stands between give up on a connection on which nothing comes. */
const SIGN_OF_LIFE_MS = 15_000

export type Log = (line: string) => void

/** One request under way. */
interface Work {
  readonly context: Context
  readonly dialect: WireDialect
  readonly wire: WireRequest
  readonly head: ResponseHead
  readonly events: AsyncIterator<ModelEvent>
  readonly stop: AbortController
  /** Grows while the model answers. */
  readonly warnings: string[]
  readonly log: Log
}

/** A connection that is to break, as a script says. */
const CUT = 'script.cut'

type Said = Spoken | WireProblem | null

const isProblem = (said: Said): said is WireProblem => said !== null && 'status' in said

/** A request to generate, in any dialect. */
export async function answer(
  context: Context,
  dialect: WireDialect,
  operation: Operation,
  model: ChatModel,
  log: Log,
): Promise<Response> {
  const wire = await readRequest(context, dialect, operation, model)
  if ('status' in wire) return refuse(context, dialect, wire, log)
  const stop = new AbortController()
  const signal = AbortSignal.any([context.req.raw.signal, stop.signal])
  const request = modelRequest(dialect, wire)
  const work: Work = {
    ...{ context, dialect, wire, stop, log: timed(log) },
    events: model.stream(request, signal)[Symbol.asyncIterator](),
    head: { id: randomUUID(), created: Math.floor(Date.now() / 1000), model: wire.model },
    warnings: [...dialect.unfollowed(wire)],
  }
  return wire.stream ? answerStream(work) : answerWhole(work)
}

/** Chat completions are taken strictly, and by the name that is served; the agents of the other dialects ask by names of their own. */
async function readRequest(
  context: Context,
  dialect: WireDialect,
  operation: Operation,
  model: ChatModel,
): Promise<WireRequest | WireProblem> {
  const body = readJson(await context.req.text())
  if (body === null) return NOT_JSON
  const broken = brokenText(body.value)
  if (broken !== null) return notUnicode(broken)
  const isStrict = dialect.name === 'chat-completions'
  const wrong = isStrict ? strictProblem(body.value, model.name) : null
  if (wrong !== null) return wrong
  const wire = dialect.readRequest(operation, body.value)
  if (!wire.ok) {
    const { code, message, where } = wire.failure
    return { status: 400, code, message, param: where ?? null }
  }
  return isStrict && wire.value.model !== model.name ? unknownModel(wire.value.model, model.name) : wire.value
}

function refuse(context: Context, dialect: WireDialect, problem: WireProblem, log: Log): Response {
  log(`${problem.status} ${problem.message}`)
  return reply(context, dialect, problem)
}

/** Lines of a response with the time since its request came. */
function timed(log: Log): Log {
  const began = performance.now()
  return (line) => log(`${((performance.now() - began) / 1000).toFixed(1)} s: ${line}`)
}

/** The next event that says something; warnings before it are noted, and a parameter that the model does not take is an error. */
async function nextSpoken(work: Work): Promise<Said> {
  for (let next = await work.events.next(); next.done !== true; next = await work.events.next()) {
    const event = next.value
    if (event.type === 'failure') return failureProblem(event)
    if (event.type !== 'warning') return event
    if (event.parameter !== undefined && work.dialect.name === 'chat-completions') {
      work.stop.abort()
      return parameterProblem(event.parameter, event.text)
    }
    work.warnings.push(event.text)
  }
  return null
}

async function answerWhole(work: Work): Promise<Response> {
  const all: Spoken[] = []
  for (let said = await nextSpoken(work); said !== null; said = await nextSpoken(work)) {
    if (isProblem(said)) return said.code === CUT ? breakOff(work) : refuse(work.context, work.dialect, said, work.log)
    all.push(said)
  }
  warn(work)
  logEnd(work, all)
  return work.context.json(work.dialect.wholeResponse(work.head, all, work.warnings, work.wire))
}

/** A failure before the first word is an HTTP error; a later one is an error in the stream, which then has no end. */
async function answerStream(work: Work): Promise<Response> {
  const first = nextSpoken(work)
  const soon = await within(first, PATIENCE_MS)
  if (soon !== 'late' && isProblem(soon) && soon.code !== CUT) {
    return refuse(work.context, work.dialect, soon, work.log)
  }
  warn(work)
  const writer = work.dialect.streamWriter(work.head, work.wire)
  work.context.header('content-type', writer.contentType ?? 'text/event-stream')
  work.context.header('cache-control', 'no-cache')
  return work.context.body(bytesOf(work, textOf(work, writer, first)))
}

async function* textOf(work: Work, writer: StreamWriter, first: Promise<Said>): AsyncGenerator<string> {
  const counted: Spoken[] = []
  yield writer.begin()
  for (let waited = first; ; waited = nextSpoken(work)) {
    let said = await within(waited, SIGN_OF_LIFE_MS)
    for (; said === 'late'; said = await within(waited, SIGN_OF_LIFE_MS)) yield writer.idle()
    if (said === null) break
    if (isProblem(said)) {
      work.log(`broken off: ${said.message}`)
      if (said.code === CUT) breakConnection(work.context)
      else yield writer.fail(said)
      return
    }
    if (said.type === 'usage' || said.type === 'stop') counted.push(said)
    yield writer.event(said)
  }
  yield writer.end(work.warnings)
  logEnd(work, counted)
}

/** A client that goes away ends the model's work. */
function bytesOf({ stop }: Work, texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const next = await texts.next()
      if (next.done === true) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    cancel: () => stop.abort(),
  }
  // Nothing is read ahead, so that all that was said is written before a connection breaks.
  return new ReadableStream(source, { highWaterMark: 0 })
}

/** As a server that dies would, after what is written; nothing happens where no socket stands behind. */
function breakConnection({ env }: Context): void {
  const { outgoing } = (env ?? {}) as Partial<HttpBindings>
  outgoing?.socket?.destroySoon()
}

/** A response that never comes: its socket is gone. */
function breakOff({ context, log }: Work): Response {
  log('broken off')
  breakConnection(context)
  return context.body('')
}

function logEnd({ warnings, log }: Work, events: readonly Spoken[]): void {
  log(`200 ${countOf(events)}`)
  for (const line of warnings) log(`warning: ${line}`)
}

/** Header lines for what is known before the first word; all warnings stand in the body, where the dialect has a place for them. */
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

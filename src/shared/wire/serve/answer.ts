import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { readJson } from '../../json/index.js'
import type { ChatModel } from '../../models/index.js'
import type { Operation, WireDialect, WireProblem, WireRequest } from '../dialect.js'
import { modelRequest } from '../model-request.js'
import { failureOf, NOT_JSON, notUnicode, parameterProblem, unknownModel } from './problems.js'
import { reply } from './reply.js'
import { speakerOf, type Speaker, type Wrong } from './speaker.js'
import { spokenAnswer } from './spoken-answer.js'
import { brokenText, strictProblem } from './strict.js'

export type Log = (line: string) => void

/** One request under way. */
interface Work {
  readonly context: Context
  readonly dialect: WireDialect
  readonly speaker: Speaker
  readonly log: Log
}

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
  const speaker = speakerOf(model, modelRequest(dialect, wire), {
    known: dialect.unfollowed(wire),
    signal: context.req.raw.signal,
    ...(isStrict(dialect) ? { refused } : {}),
  })
  const work: Work = { context, dialect, speaker, log: timed(log) }
  const said = await spokenAnswer(speaker, dialect, wire, model.name)
  if (said.kind === 'wrong') return said.broken ? breakOff(work) : refuse(context, dialect, said.problem, work.log)
  warn(work)
  if (said.kind === 'document') {
    logEnd(work)
    return context.json(said.value as object)
  }
  context.header('content-type', said.contentType)
  context.header('cache-control', 'no-cache')
  return context.body(bytesOf(work, said.texts))
}

/** Chat completions are taken strictly, and by the name that is served; the agents of the other dialects ask by names of their own. */
const isStrict = ({ name }: WireDialect): boolean => name === 'chat-completions'

/** A parameter that the model does not take is an error. */
const refused: NonNullable<Parameters<typeof speakerOf>[2]['refused']> = ({ parameter, text }) =>
  parameter === undefined ? null : parameterProblem(parameter, text)

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
  const wrong = isStrict(dialect) ? strictProblem(body.value, model.name) : null
  if (wrong !== null) return wrong
  const wire = dialect.readRequest(operation, body.value)
  if (!wire.ok) return failureOf(wire.failure)
  return isStrict(dialect) && wire.value.model !== model.name ? unknownModel(wire.value.model, model.name) : wire.value
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

/** A client that goes away ends the model's work. */
function bytesOf(work: Work, texts: AsyncGenerator<string, Wrong | null>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const next = await texts.next()
      if (next.done !== true) controller.enqueue(encoder.encode(next.value))
      else {
        endOf(work, next.value)
        controller.close()
      }
    },
    cancel: () => work.speaker.stop(),
  }
  // Nothing is read ahead, so that all that was said is written before a connection breaks.
  return new ReadableStream(source, { highWaterMark: 0 })
}

function endOf(work: Work, wrong: Wrong | null): void {
  if (wrong === null) logEnd(work)
  else work.log(`broken off: ${wrong.problem.message}`)
  if (wrong?.broken === true) breakConnection(work.context)
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

function logEnd({ speaker, log }: Work): void {
  const { usage, stop = 'no end' } = speaker.end
  log(usage === undefined ? `200 ${stop}` : `200 ${usage.inputTokens} + ${usage.outputTokens} tokens, ${stop}`)
  for (const line of speaker.warnings) log(`warning: ${line}`)
}

/** Header lines for what is known before the first word; all warnings stand in the body, where the dialect has a place for them. */
function warn({ context, speaker }: Work): void {
  for (const line of speaker.warnings) {
    context.header('x-limi-warning', line.replace(/[^\x20-\x7e]/g, '?'), { append: true })
  }
}

import { randomUUID } from 'node:crypto'
import type { ChatModel } from '../../../models/index.js'
import { NO_COUNTING, noSuchPlace, within, type Spoken, type WireProblem } from '../../../wire/index.js'
import type { Place } from '../../place.js'
import type { Exchange } from '../exchange.js'
import { askedIn, bodyOf, type Asked } from './asked.js'
import { sender, type Sender } from './sender.js'
import { speakerOf, type Next, type Speaker } from './spoken.js'

/** How long a stream's beginning waits for the first word: a failure until then is an error of HTTP. */
const PATIENCE_MS = 10_000
/** Agents, and what stands between, give up on a connection on which nothing comes. */
const SIGN_OF_LIFE_MS = 15_000

/** Answers an exchange by a model, in the dialect of its path. */
export async function answerByModel(exchange: Exchange, model: ChatModel, place: Place | null): Promise<void> {
  const { request, call } = exchange
  const send = sender(exchange)
  const body = await bodyOf(request, (bytes) => call.requestBytes(bytes)).catch(() => null)
  if (body === null) return
  call.requestEnd(true)
  if (request.method === 'HEAD') send.document(200, {})
  else if (place === null) send.document(404, { error: noSuchPlace(exchange.path) })
  else if (place.operation.kind === 'models') {
    send.document(200, place.dialect.models([model.name], place.operation.model))
  } else {
    const work = { exchange, place, model, send }
    const asked = 'status' in body ? body : generationIn(body.text, place)
    if ('status' in asked) refuse(work, asked)
    else await speak(work, asked)
  }
}

interface Work {
  readonly exchange: Exchange
  readonly place: Place
  readonly model: ChatModel
  readonly send: Sender
}

function generationIn(text: string, place: Place): Asked | WireProblem {
  if (place.operation.kind !== 'generate') return NO_COUNTING
  const asked = askedIn(text, place)
  if (asked.ok) return asked.value
  const { code, message, where } = asked.failure
  return { status: 400, code, message, param: where ?? null }
}

const refuse = ({ send, place }: Pick<Work, 'send' | 'place'>, problem: WireProblem): void =>
  send.document(problem.status, place.dialect.problem(problem))

async function speak(work: Work, asked: Asked): Promise<void> {
  const { exchange, model } = work
  const speaker = speakerOf(model, asked.request, asked.warnings)
  exchange.response.on('close', () => speaker.stop())
  for (const line of asked.warnings) exchange.warn(line)
  if (asked.stream) await speakStream(work, asked, speaker)
  else await speakWhole(work, asked, speaker)
  for (const line of speaker.warnings.slice(asked.warnings.length)) exchange.warn(line)
}

/** An agent is answered by the name that it asked for: Claude Code forgets the thoughts of a model that answers by another. */
const headOf = ({ model }: Work, asked: string) => ({
  id: randomUUID(),
  created: Math.floor(Date.now() / 1000),
  model: asked === '' ? model.name : asked,
})

async function speakWhole(work: Work, { wire }: Asked, speaker: Speaker): Promise<void> {
  const all: Spoken[] = []
  for (let next = await speaker.next(); next !== null; next = await speaker.next()) {
    if ('spoken' in next) all.push(next.spoken)
    else {
      fail(work, next)
      return
    }
  }
  work.send.document(200, work.place.dialect.wholeResponse(headOf(work, wire.model), all, speaker.warnings, wire))
}

type Failed = Extract<Next, { problem: WireProblem }>

/** Before anything was sent. */
function fail(work: Work, { problem, broken }: Failed): void {
  if (broken) work.send.breakOff(problem.message)
  else refuse(work, problem)
}

/** A failure before the first word is an error of HTTP; a later one is told in the stream. */
async function speakStream(work: Work, { wire }: Asked, speaker: Speaker): Promise<void> {
  const { place, send } = work
  const first = speaker.next()
  const soon = await within(first, PATIENCE_MS)
  if (soon !== 'late' && soon !== null && 'problem' in soon) {
    fail(work, soon)
    return
  }
  const writer = place.dialect.streamWriter(headOf(work, wire.model), wire)
  const patiently = async (waited: Promise<Next>): Promise<Next> => {
    let come = await within(waited, SIGN_OF_LIFE_MS)
    for (; come === 'late'; come = await within(waited, SIGN_OF_LIFE_MS)) await send.text(writer.idle())
    return come
  }
  send.begin(writer.contentType ?? 'text/event-stream')
  await send.text(writer.begin())
  for (let next = await patiently(first); next !== null; next = await patiently(speaker.next())) {
    if ('spoken' in next) await send.text(writer.event(next.spoken))
    else {
      if (next.broken) send.breakOff(next.problem.message)
      else send.end(writer.fail(next.problem), next.problem.message)
      return
    }
  }
  send.end(writer.end(speaker.warnings))
}

import type { ChatModel } from '../../../models/index.js'
import {
  failureOf,
  NO_COUNTING,
  noSuchPlace,
  speakerOf,
  spokenAnswer,
  type SpokenAnswer,
  type WireProblem,
} from '../../../wire/index.js'
import type { Place } from '../../place.js'
import type { Exchange } from '../exchange.js'
import { askedIn, bodyOf, type Asked } from './asked.js'
import { sender, type Sender } from './sender.js'

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
  return asked.ok ? asked.value : failureOf(asked.failure)
}

const refuse = ({ send, place }: Pick<Work, 'send' | 'place'>, problem: WireProblem): void =>
  send.document(problem.status, place.dialect.problem(problem))

async function speak(work: Work, { wire, request, warnings }: Asked): Promise<void> {
  const { exchange, model, place } = work
  const speaker = speakerOf(model, request, { known: warnings })
  exchange.response.on('close', () => speaker.stop())
  for (const line of warnings) exchange.warn(line)
  await sendAnswer(work, await spokenAnswer(speaker, place.dialect, wire, model.name))
  for (const line of speaker.warnings.slice(warnings.length)) exchange.warn(line)
}

async function sendAnswer(work: Work, answer: SpokenAnswer): Promise<void> {
  const { send } = work
  if (answer.kind === 'document') send.document(200, answer.value)
  else if (answer.kind === 'stream') await sendStream(send, answer)
  else if (answer.broken) send.breakOff(answer.problem.message)
  else refuse(work, answer.problem)
}

async function sendStream(
  send: Sender,
  { contentType, texts }: Extract<SpokenAnswer, { kind: 'stream' }>,
): Promise<void> {
  send.begin(contentType)
  let next = await texts.next()
  for (; next.done !== true; next = await texts.next()) await send.text(next.value)
  if (next.value?.broken === true) send.breakOff(next.value.problem.message)
  else send.end(next.value?.problem.message)
}

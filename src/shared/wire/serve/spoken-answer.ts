import { randomUUID } from 'node:crypto'
import type { ResponseHead, Spoken, StreamWriter, WireDialect, WireRequest } from '../dialect.js'
import { within } from './patience.js'
import type { Next, Speaker, Wrong } from './speaker.js'

/** How long a stream's beginning waits for the first word: a failure until then is an error of HTTP. */
const PATIENCE_MS = 10_000
/** Clients, and what stands between, give up on a connection on which nothing comes. */
const SIGN_OF_LIFE_MS = 15_000

/** What a client is answered with: an error of HTTP, a document, or the texts of a stream, which may end in what went wrong on its way. */
export type SpokenAnswer =
  | ({ readonly kind: 'wrong' } & Wrong)
  | { readonly kind: 'document'; readonly value: unknown }
  | { readonly kind: 'stream'; readonly contentType: string; readonly texts: AsyncGenerator<string, Wrong | null> }

/** What a model says, in the words of a dialect. @param name of the model, where the request says none */
export async function spokenAnswer(
  speaker: Speaker,
  dialect: WireDialect,
  wire: WireRequest,
  name: string,
): Promise<SpokenAnswer> {
  const head = headOf(wire.model === '' ? name : wire.model)
  return wire.stream ? streamed(speaker, dialect, wire, head) : whole(speaker, dialect, wire, head)
}

/** An agent is answered by the name that it asked for: Claude Code forgets the thoughts of a model that answers by another. */
const headOf = (model: string): ResponseHead => ({ id: randomUUID(), created: Math.floor(Date.now() / 1000), model })

async function whole(
  speaker: Speaker,
  dialect: WireDialect,
  wire: WireRequest,
  head: ResponseHead,
): Promise<SpokenAnswer> {
  const all: Spoken[] = []
  for (let next = await speaker.next(); next !== null; next = await speaker.next()) {
    if ('problem' in next) return { kind: 'wrong', ...next }
    all.push(next.spoken)
  }
  return { kind: 'document', value: dialect.wholeResponse(head, all, speaker.warnings, wire) }
}

/** A failure before the first word is an error of HTTP; a later one is told in the stream, which then has no end. */
async function streamed(
  speaker: Speaker,
  dialect: WireDialect,
  wire: WireRequest,
  head: ResponseHead,
): Promise<SpokenAnswer> {
  const first = speaker.next()
  const soon = await within(first, PATIENCE_MS)
  if (soon !== 'late' && soon !== null && 'problem' in soon && !soon.broken) return { kind: 'wrong', ...soon }
  const writer = dialect.streamWriter(head, wire)
  const contentType = writer.contentType ?? 'text/event-stream'
  return { kind: 'stream', contentType, texts: textsOf(speaker, writer, first) }
}

async function* textsOf(
  speaker: Speaker,
  writer: StreamWriter,
  first: Promise<Next>,
): AsyncGenerator<string, Wrong | null> {
  yield writer.begin()
  for (let waited = first; ; waited = speaker.next()) {
    let come = await within(waited, SIGN_OF_LIFE_MS)
    for (; come === 'late'; come = await within(waited, SIGN_OF_LIFE_MS)) yield writer.idle()
    if (come === null) break
    if ('problem' in come) {
      if (!come.broken) yield writer.fail(come.problem)
      return come
    }
    yield writer.event(come.spoken)
  }
  yield writer.end(speaker.warnings)
  return null
}

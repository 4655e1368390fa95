import type { Amendment, Thread } from '../../../../nouns/index.js'
import { filesBeside } from '../beside.js'
import { invalid } from '../document.js'
import { readHead } from '../head.js'
import { MessageIds } from '../gemini-parts/index.js'
import type { ImportEvent, ImportItem, ImportSource, SourceFile } from '../importer.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { GeminiConversation } from './conversation.js'
import { saidIn, type Said } from './records.js'
import type { Metadata } from './record.js'
import { subAgentsOf } from './subagents.js'

const event = (one: ImportEvent): ImportItem => ({ kind: 'event', event: one })

/** Records that may stand before the line that says what session it is. */
const MOST_BEFORE = 64

/** One session with its sub-agents. A record that cannot be read is told of in its place, and the session goes on. */
export async function* readConversation(source: ImportSource, agent: string): AsyncGenerator<ImportItem> {
  const oddities = new Oddities()
  const ids = new MessageIds(oddities)
  let reading: Reading | null = null
  let agents: string[] = []
  const before: Said[] = []
  for await (const one of saidIn(source)) {
    if (reading === null) {
      if (one.kind === 'bad') yield { kind: 'rejected', failure: one.failure }
      if (one.kind !== 'session') {
        if (one.kind !== 'bad') before.push(one)
        if (before.length > MOST_BEFORE) break
        continue
      }
      agents = await subAgentsOf(source.path, one.metadata)
      yield beginning(one.metadata, agent, oddities, await filesBeside(agents))
      const subAgent = one.metadata.kind === 'subagent'
      reading = new Reading(new GeminiConversation({ root: 'main', subAgent, oddities, ids }), oddities)
      yield event(reading.conversation.begin())
      for (const earlier of before) for (const made of reading.take(earlier)) yield event(made)
      continue
    }
    for (const made of reading.take(one)) yield event(made)
  }
  if (reading === null) {
    const failure = invalid(source.path, 'no line says what session this is')
    if (before.length > 0) yield { kind: 'rejected', failure }
    return
  }
  for (const made of reading.conversation.finish()) yield event(made)
  for (const path of agents) yield* readSubAgent(path, source, reading.conversation, oddities, ids)
  yield event({ type: 'outcome', outcome: { status: 'unknown', by: 'source' } })
  yield { kind: 'end', amendment: reading.amendment() }
}

function beginning(metadata: Metadata, agent: string, oddities: Oddities, besides: readonly SourceFile[]): ImportItem {
  const { startTime } = metadata
  const header = {
    ...(typeof startTime === 'string' ? { created: startTime } : {}),
    source: { agent, model: 'unknown' },
    extra: { gemini: omit(metadata, ...(typeof startTime === 'string' ? (['startTime'] as const) : [])) },
  }
  return { kind: 'begin', index: 0, header, oddities, besides }
}

/** A conversation, and what its file says of it meanwhile. */
class Reading {
  readonly conversation: GeminiConversation
  readonly #oddities: Oddities
  #lastUpdated: unknown

  constructor(conversation: GeminiConversation, oddities: Oddities) {
    this.conversation = conversation
    this.#oddities = oddities
  }

  *take(said: Said): Generator<ImportEvent> {
    switch (said.kind) {
      case 'message':
        yield* this.conversation.take(said.record)
        return
      case 'history':
        yield* this.conversation.replace(said.records)
        return
      case 'rewind':
        yield* this.conversation.rewind(said.id)
        return
      case 'session':
        yield this.conversation.aside('the session', { session: said.metadata })
        return
      case 'set':
        yield* this.#set(said.fields)
        return
      case 'bad':
        this.#oddities.count('unreadable-line')
        yield this.conversation.aside('a line that cannot be read', {
          error: said.failure.message,
          where: said.failure.where,
        })
    }
  }

  amendment(): Amendment {
    const { model } = this.conversation
    return {
      ...(model === undefined ? {} : { model }),
      ...(this.#lastUpdated === undefined ? {} : { extra: { geminiLastUpdated: this.#lastUpdated } }),
    }
  }

  /** The time of the last change is written after every message; only the last one says more than the messages do. */
  *#set({ lastUpdated, ...fields }: Readonly<Record<string, unknown>>): Generator<ImportEvent> {
    if (lastUpdated !== undefined) this.#lastUpdated = lastUpdated
    if (Object.keys(fields).length > 0) yield this.conversation.aside('the session', { set: fields })
  }
}

async function* readSubAgent(
  path: string,
  source: ImportSource,
  main: GeminiConversation,
  oddities: Oddities,
  ids: MessageIds,
): AsyncGenerator<ImportItem> {
  let reading: Reading | null = null
  const head = await readHead(path)
  for await (const one of saidIn({ path, head, maxDocumentBytes: source.maxDocumentBytes })) {
    if (reading === null) {
      const metadata = one.kind === 'session' ? one.metadata : null
      const root = `agent-${ids.take(metadata?.sessionId ?? path)}`
      const parent = metadata === null ? undefined : parentOf(metadata, main)
      reading = new Reading(new GeminiConversation({ root, parent, subAgent: true, oddities, ids }), oddities)
      yield event(reading.conversation.begin(metadata === null ? undefined : { gemini: metadata }))
      if (metadata !== null) continue
    }
    for (const made of reading.take(one)) yield event(made)
  }
  if (reading === null) return
  for (const made of reading.conversation.finish()) yield event(made)
  const { extra } = reading.amendment()
  if (extra !== undefined) yield event(reading.conversation.aside('the session', extra))
}

/** The call that names the sub-agent; without one, where its parent stood at the end. */
function parentOf({ sessionId }: Metadata, main: GeminiConversation): Thread['parent'] {
  const caller = main.callerOf(sessionId)
  const place = caller?.place ?? main.place
  if (place === null) return undefined
  return { ...place, relation: 'subagent', ...(caller === undefined ? {} : { toolCall: caller.toolCall }) }
}

import type { Message, Result, Thread } from '../../../../nouns/index.js'
import type { ImportEvent } from '../importer.js'
import type { Oddities } from '../oddities.js'
import { assistantMessages, hasFailed, isEmpty } from './assistant.js'
import type { Part, WithParts } from './record.js'
import { userMessages } from './user.js'

/** The messages of a session in order; each may be read again, since a compaction keeps some of those before it. */
export interface MessageRecords {
  readonly ids: readonly string[]
  load(at: number): Promise<Result<WithParts>>
}

export interface SessionOptions {
  readonly root: string
  readonly parent?: Thread['parent']
  /** Whether a person speaks in it; a sub-agent's session is asked by an agent. */
  readonly person: boolean
  readonly records: MessageRecords
  readonly oddities: Oddities
}

export interface Started {
  readonly thread: string
  readonly message: string
  readonly toolCall: string
}

/** Turns one session into events. It holds one record at a time, and the ids of sub-agents' sessions. */
export class OpencodeSession {
  /** The calls that started other sessions, by these. */
  readonly started = new Map<string, Started>()
  readonly #options: SessionOptions
  readonly #summaries = new Set<number>()
  #thread: string
  #last: string | null = null
  #compactions = 0
  #model: string | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#thread = options.root
  }

  get model(): string | undefined {
    return this.#model
  }

  get place(): { readonly thread: string; readonly message: string } | null {
    return this.#last === null ? null : { thread: this.#thread, message: this.#last }
  }

  async *events(extra?: Record<string, unknown>): AsyncGenerator<ImportEvent> {
    const { root, parent, records } = this.#options
    yield { type: 'thread', id: root, ...(parent === undefined ? {} : { parent }), ...(extra ? { extra } : {}) }
    for (const at of records.ids.keys()) {
      if (this.#summaries.has(at)) continue
      const record = await records.load(at)
      if (!record.ok) {
        this.#options.oddities.count('unreadable-line')
        const { message: error, where } = record.failure
        yield this.#aside(`record-${at}`, 'a record that cannot be read', { error, where })
      } else yield* this.#record(record.value, at)
    }
  }

  async *#record(record: WithParts, at: number): AsyncGenerator<ImportEvent> {
    const { info, parts } = record
    for (const part of parts) if (part.type === 'retry') yield this.#aside(`retry-${part.id ?? at}`, 'retry', { part })
    const compaction = info.role === 'user' ? parts.find(({ type }) => type === 'compaction') : undefined
    if (compaction !== undefined) {
      yield* this.#compaction(record, compaction, at)
      return
    }
    if (info.role === 'assistant' && hasFailed(info) && isEmpty(record)) {
      yield this.#aside(info.id, 'failed attempt', { record })
      return
    }
    yield* this.#say(this.#messages(record))
  }

  #messages(record: WithParts): Message[] {
    const { person, oddities } = this.#options
    return record.info.role === 'user' ? userMessages(record, person) : assistantMessages(record, oddities)
  }

  /** Where the summary succeeded, what follows is shown the request, the summary and the messages that were kept, in this order. */
  async *#compaction(record: WithParts, part: Part, at: number): AsyncGenerator<ImportEvent> {
    const found = await this.#summaryOf(record.info.id, at)
    if (found === null || this.#last === null) {
      yield this.#aside(record.info.id, 'a compaction without a summary', { record })
      return
    }
    this.#summaries.add(found.at)
    const parent = { thread: this.#thread, message: this.#last, relation: 'compaction' as const }
    this.#compactions += 1
    const { root, records } = this.#options
    this.#thread = `${root === 'main' ? '' : `${root}:`}compaction-${this.#compactions}`
    yield { type: 'thread', id: this.#thread, parent }
    const tailStart = part['tail_start_id']
    const kept = typeof tailStart === 'string' ? records.ids.indexOf(tailStart) : -1
    const asked = this.#messages(record).map((message) => ({ ...message, content: [part] }))
    const summary = [...asked, ...this.#messages(found.record)]
    yield* this.#say(summary.map((message) => ({ ...message, origin: 'rebuilt' })))
    for (let tail = kept === -1 ? at : kept; tail < at; tail += 1) {
      const again = await records.load(tail)
      if (again.ok) yield* this.#again(this.#messages(again.value))
    }
  }

  async #summaryOf(id: string, at: number): Promise<{ record: WithParts; at: number } | null> {
    const { records } = this.#options
    for (let next = at + 1; next < records.ids.length && next <= at + LOOK_AHEAD; next += 1) {
      const record = await records.load(next)
      if (!record.ok || record.value.info.parentID !== id) continue
      const { info } = record.value
      if (info.summary === true && !hasFailed(info)) return { record: record.value, at: next }
    }
    return null
  }

  /** Messages that were said before and are shown again. */
  *#again(messages: readonly Message[]): Generator<ImportEvent> {
    yield* this.#say(
      messages.map((message) => ({ ...message, id: `${this.#thread}:${message.id}`, origin: 'rebuilt' })),
    )
  }

  *#say(messages: readonly Message[]): Generator<ImportEvent> {
    for (const message of messages) {
      this.#last = message.id
      if (message.call !== undefined && message.origin === 'model') this.#model ??= message.call.model
      for (const { id, extra } of message.toolCalls ?? []) {
        const child = childOf(extra)
        if (child !== undefined && message.origin === 'model') {
          this.started.set(child, { thread: this.#thread, message: message.id, toolCall: id })
        }
      }
      yield { type: 'message', thread: this.#thread, message }
    }
  }

  #aside(id: string, why: string, opencode: Record<string, unknown>): ImportEvent {
    const { root } = this.#options
    const aside = { id: `${root}:${id}`, why, thread: this.#thread, messages: [] }
    return { type: 'aside', aside: { ...aside, extra: { opencode } } }
  }
}

/** A summary follows its request at once; failed ones may stand between. */
const LOOK_AHEAD = 4

/** The session that a `task` call started stands in the state of the call. */
function childOf(extra: Record<string, unknown> | undefined): string | undefined {
  const state = (extra?.['opencode'] as { state?: { metadata?: { sessionId?: unknown } | null } } | undefined)?.state
  const id = state?.metadata?.sessionId
  return typeof id === 'string' ? id : undefined
}

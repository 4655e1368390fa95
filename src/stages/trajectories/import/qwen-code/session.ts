import type { Amendment, Message, Thread } from '../../../../nouns/index.js'
import { draftsFrom, type Content, type MessageIds } from '../gemini-parts/index.js'
import type { ImportEvent } from '../importer.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { unfinished } from '../unfinished.js'
import { durationFrom, isCutAfter, messagesFrom, restOf, type Common } from './messages.js'
import { Bootstrap, Compression, type ChatRecord } from './record.js'

/** Where a line stands: the thread, and the last message in it; null before the first. */
interface Place {
  readonly thread: string
  readonly message: string | null
}

/** Lines of the program's own that wait for a message to be kept with; more than this many are kept apart. */
const MAX_WAITING = 256

export interface SessionOptions {
  readonly root: string
  readonly parent?: Thread['parent']
  readonly common: Common
  readonly oddities: Oddities
  /** Of the whole trajectory. */
  readonly ids: MessageIds
}

/** Turns the lines of one file into events as they come. It holds ids, and the lines that wait for the next message. */
export class QwenSession {
  readonly #options: SessionOptions
  readonly #places = new Map<string, Place>()
  readonly #callers = new Map<string, Place>()
  #here: Place
  /** Where the edits that have no message yet go on from. */
  #origin: Place | null = null
  #last: string | null = null
  #waiting: ChatRecord[] = []
  #branches = 0
  #model: string | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#here = { thread: options.root, message: null }
  }

  begin(extra?: Record<string, unknown>): ImportEvent {
    const { root, parent } = this.#options
    return { type: 'thread', id: root, ...(parent === undefined ? {} : { parent }), ...(extra ? { extra } : {}) }
  }

  *take(record: ChatRecord): Generator<ImportEvent> {
    yield* this.#follow(record)
    if (record.type === 'system') yield* this.#system(record)
    else yield* this.#messages(record)
    this.#last = record.uuid
    this.#places.set(record.uuid, this.#here)
  }

  /** The message that made a call, for the sub-agent that it started. */
  callerOf(toolCall: string): Place | undefined {
    return this.#callers.get(toolCall)
  }

  get here(): Place {
    return this.#here
  }

  /** What is known only at the end. */
  amendment(): Amendment {
    const after = this.#waiting.map((record) => this.#kept(record))
    return {
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(after.length === 0 ? {} : { extra: { qwenAfter: after } }),
    }
  }

  get waiting(): readonly unknown[] {
    return this.#waiting.map((record) => this.#kept(record))
  }

  /** A line whose parent is not the line before it goes on from an earlier place: the history was rewound. */
  *#follow({ parentUuid, uuid }: ChatRecord): Generator<ImportEvent> {
    const parent = parentUuid ?? null
    if (this.#last === null || parent === this.#last) return
    const place = parent === null ? { thread: this.#options.root, message: null } : this.#places.get(parent)
    if (place === undefined) {
      this.#options.oddities.count('unlinked-record')
      return
    }
    if (place.thread === this.#here.thread && place.message === this.#here.message) return
    yield this.#open('edit', place, { qwen: { from: uuid } })
  }

  #open(relation: 'edit' | 'compaction', from: Place, extra: Record<string, unknown>): ImportEvent {
    this.#branches += 1
    const { root } = this.#options
    const id = `${root === 'main' ? '' : `${root}:`}${relation}-${this.#branches}`
    const { thread, message } =
      from.thread === this.#here.thread && from.message === null ? (this.#origin ?? from) : from
    this.#here = { thread: id, message: null }
    this.#origin = relation === 'edit' ? { thread, message } : null
    return { type: 'thread', id, parent: { thread, ...(message === null ? {} : { message }), relation }, extra }
  }

  *#messages(record: ChatRecord): Generator<ImportEvent> {
    const { common, oddities } = this.#options
    if (record.type === 'assistant') this.#model = record.model ?? this.#model
    const id = this.#options.ids.take(record.uuid)
    const said = messagesFrom(record, id, this.#model ?? 'unknown', common, oddities)
    const messages = isCutAfter(this.#waiting, record) ? said.map((one) => unfinished(one, oddities)) : said
    const durationMs = record.type === 'assistant' ? durationFrom(this.#waiting, record) : undefined
    const before = this.#waiting.map((one) => this.#kept(one))
    this.#waiting = []
    for (const [at, message] of messages.entries()) {
      const timed =
        durationMs === undefined || message.call === undefined
          ? message
          : { ...message, call: { ...message.call, durationMs } }
      const qwen = { ...(timed.extra?.['qwen'] as object | undefined), before }
      yield this.#say(at === 0 && before.length > 0 ? { ...timed, extra: { ...timed.extra, qwen } } : timed)
    }
  }

  #say(message: Message): ImportEvent {
    const { thread } = this.#here
    this.#here = { thread, message: message.id }
    this.#origin = null
    for (const { id } of message.toolCalls ?? []) if (message.origin === 'model') this.#callers.set(id, this.#here)
    return { type: 'message', thread, message }
  }

  *#system(record: ChatRecord): Generator<ImportEvent> {
    if (record.subtype === 'chat_compression') {
      const payload = Compression.safeParse(record.systemPayload)
      if (payload.success) {
        const systemPayload = omit(payload.data, 'compressedHistory')
        yield this.#open('compaction', this.#here, { qwen: { ...this.#kept(record), systemPayload } })
        yield* this.#rebuilt(payload.data.compressedHistory, record)
        return
      }
    }
    if (record.subtype === 'agent_bootstrap') {
      const payload = Bootstrap.safeParse(record.systemPayload)
      if (payload.success) {
        this.#waiting.push({ ...record, systemPayload: omit(payload.data, 'history') })
        yield* this.#rebuilt(payload.data.history, record)
        return
      }
    }
    if (this.#waiting.length >= MAX_WAITING) yield this.#apart()
    this.#waiting.push(record)
  }

  /** A history that the program put together, which the model did not say again. */
  *#rebuilt(history: readonly Content[], { uuid, timestamp }: ChatRecord): Generator<ImportEvent> {
    const { oddities } = this.#options
    for (const [at, content] of history.entries()) {
      const role = content.role === 'model' ? 'model' : 'user'
      const drafts = draftsFrom(
        role,
        content.parts ?? [],
        oddities,
        (index) => `${uuid}-${at}-call${index}`,
        this.#model ?? 'unknown',
      )
      for (const [index, { gemini, ...draft }] of drafts.entries()) {
        const rest = { ...gemini, ...(index === 0 ? omit(content, 'role', 'parts') : {}) }
        yield this.#say({
          id: this.#options.ids.take(`${uuid}:${at}${index === 0 ? '' : `.${index}`}`),
          origin: 'rebuilt',
          ...(typeof timestamp === 'string' ? { time: timestamp } : {}),
          ...draft,
          ...(Object.keys(rest).length === 0 ? {} : { extra: { qwen: rest } }),
        })
      }
    }
  }

  #apart(): ImportEvent {
    const records = this.#waiting.map((record) => this.#kept(record))
    const id = this.#options.ids.take(`records-${this.#waiting[0]?.uuid ?? ''}`)
    this.#waiting = []
    const aside = { id, why: 'records of the program', thread: this.#here.thread, messages: [] }
    return { type: 'aside', aside: { ...aside, extra: { qwen: { records } } } }
  }

  #kept(record: ChatRecord): Record<string, unknown> {
    const { uuid, timestamp } = record
    return { uuid, timestamp, ...restOf(record, this.#options.common) }
  }
}

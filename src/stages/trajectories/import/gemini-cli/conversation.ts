import type { Message, Thread } from '../../../../nouns/index.js'
import { canonicalJson } from '../../../../shared/project/index.js'
import { partsOf, type MessageIds } from '../gemini-parts/index.js'
import type { ImportEvent } from '../importer.js'
import type { Oddities } from '../oddities.js'
import { unfinished } from '../unfinished.js'
import { answersIn, messagesFrom } from './messages.js'
import type { MessageRecord } from './record.js'

interface Place {
  readonly thread: string
  readonly message: string
}

export interface ConversationOptions {
  readonly root: string
  readonly parent?: Thread['parent']
  readonly subAgent: boolean
  readonly oddities: Oddities
  /** Of the whole trajectory. */
  readonly ids: MessageIds
}

/**
 * Turns the records of one session into events as they come. A record that is written again right away, with its calls or tokens,
 * replaces the one before, so that one is held back; of the others it holds the ids.
 */
export class GeminiConversation {
  readonly #options: ConversationOptions
  readonly #agents = new Map<string, { readonly place: Place; readonly toolCall: string }>()
  #thread: string
  /** The thread that the shown records begin in. */
  #base: string
  /** The records that the model is shown, and where their last message is. */
  #shown: { readonly id: string; readonly place: Place | null }[] = []
  #known = new Set<string>()
  #held: MessageRecord | null = null
  /** What earlier versions of it said otherwise. */
  #earlier: Record<string, unknown>[] = []
  #rebuilding = false
  #branches = 0
  #made = 0
  #model: string | undefined

  constructor(options: ConversationOptions) {
    this.#options = options
    this.#thread = options.root
    this.#base = options.root
  }

  begin(extra?: Record<string, unknown>): ImportEvent {
    const { root, parent } = this.#options
    return { type: 'thread', id: root, ...(parent === undefined ? {} : { parent }), ...(extra ? { extra } : {}) }
  }

  get model(): string | undefined {
    return this.#model
  }

  get thread(): string {
    return this.#thread
  }

  /** Where the conversation stands; null before its first message. */
  get place(): Place | null {
    return this.#shown.findLast(({ place }) => place !== null)?.place ?? null
  }

  /** The call that a sub-agent answers. */
  callerOf(agentId: string): { readonly place: Place; readonly toolCall: string } | undefined {
    return this.#agents.get(agentId)
  }

  *take(record: MessageRecord): Generator<ImportEvent> {
    if (this.#held?.id === record.id && this.#held.type === record.type) {
      const earlier = replaced(this.#held, record)
      if (earlier !== null) this.#earlier.push(earlier)
      this.#held = record
      return
    }
    if (!this.#rebuilding && this.#known.has(record.id)) {
      this.#options.oddities.count('superseded-record')
      yield this.aside('a later version of a message', { record })
      return
    }
    yield* this.#release(record)
    this.#held = record
  }

  /** The whole history again, as the program changed it: after a compression, or when a session is taken up again. */
  *replace(records: readonly MessageRecord[]): Generator<ImportEvent> {
    yield* this.finish()
    if (this.#known.size === 0 && this.#branches === 0) {
      for (const record of records) yield* this.take(record)
      return
    }
    yield this.#open('compaction')
    this.#base = this.#thread
    this.#show([])
    this.#rebuilding = true
    for (const record of records) yield* this.take(record)
    yield* this.finish()
    this.#rebuilding = false
  }

  /** Everything from a record on is taken back. */
  *rewind(id: string): Generator<ImportEvent> {
    yield* this.finish()
    const at = this.#shown.findIndex((one) => one.id === id)
    this.#show(at === -1 ? [] : this.#shown.slice(0, at))
    yield this.#open('edit', { rewindTo: id })
  }

  *finish(): Generator<ImportEvent> {
    yield* this.#release(null)
  }

  aside(why: string, gemini: Record<string, unknown>): ImportEvent {
    this.#made += 1
    const { root } = this.#options
    const id = `${root}:aside-${this.#made}`
    return { type: 'aside', aside: { id, why, thread: this.#thread, messages: [], extra: { gemini } } }
  }

  /** From where the conversation stands, which may be before its first message. */
  #open(relation: 'edit' | 'compaction', gemini?: Record<string, unknown>): ImportEvent {
    const parent = { ...(this.place ?? { thread: this.#base }), relation }
    this.#branches += 1
    const { root } = this.#options
    const id = `${root === 'main' ? '' : `${root}:`}${relation}-${this.#branches}`
    this.#thread = id
    return { type: 'thread', id, parent, ...(gemini === undefined ? {} : { extra: { gemini } }) }
  }

  *#release(next: MessageRecord | null): Generator<ImportEvent> {
    if (this.#held === null) return
    const record = this.#earlier.length === 0 ? this.#held : { ...this.#held, earlier: this.#earlier }
    this.#held = null
    this.#earlier = []
    if (record.type === 'info' || record.type === 'warning' || record.type === 'error') {
      yield this.aside(record.type, { record })
      this.#push(record.id, null)
      return
    }
    if (record.type !== 'user') this.#model = record.model ?? this.#model
    const named = record.type === 'user' ? record : { ...record, model: record.model ?? this.#model }
    let place: Place | null = null
    for (const message of messagesFrom(named, answersIn(next), this.#options.subAgent, this.#options.oddities)) {
      const isCut = message.origin === 'model' && isCutBy(record, next) && !this.#rebuilding
      const said = this.#said(isCut ? unfinished(message, this.#options.oddities) : message)
      place = { thread: this.#thread, message: said.id }
      this.#remember(said, place)
      yield { type: 'message', thread: this.#thread, message: said }
    }
    this.#push(record.id, place)
  }

  #push(id: string, place: Place | null): void {
    this.#shown.push({ id, place })
    this.#known.add(id)
  }

  #show(shown: readonly { readonly id: string; readonly place: Place | null }[]): void {
    this.#shown = [...shown]
    this.#known = new Set(shown.map(({ id }) => id))
  }

  #said(message: Message): Message {
    const { ids } = this.#options
    if (!this.#rebuilding) return { ...message, id: ids.take(message.id) }
    return { ...message, id: ids.take(`${this.#thread}:${message.id}`), origin: 'rebuilt' }
  }

  #remember({ toolCalls, origin }: Message, place: Place): void {
    if (origin !== 'model') return
    for (const { id, extra } of toolCalls ?? []) {
      const agent = (extra?.['gemini'] as { agentId?: unknown } | undefined)?.agentId
      if (typeof agent === 'string') this.#agents.set(agent, { place, toolCall: id })
    }
  }
}

/**
 * The person stopped an answer before its tokens were counted, which comes with its end: the words are those of
 * packages/cli/src/ui/hooks/useGeminiStream.ts, which useHistoryManager.ts has recorded.
 */
function isCutBy({ tokens, toolCalls }: MessageRecord, next: MessageRecord | null): boolean {
  if (next?.type !== 'info' || (tokens !== null && tokens !== undefined) || (toolCalls ?? []).length > 0) return false
  return partsOf(next.content).some(({ text }) => text?.startsWith('Request cancelled') === true)
}

/** What an earlier version of a record said otherwise; null where nothing. */
function replaced(before: MessageRecord, after: MessageRecord): Record<string, unknown> | null {
  const earlier = Object.entries(before).filter(
    ([key, value]) => value !== undefined && canonicalJson(value) !== canonicalJson(after[key] ?? null),
  )
  return earlier.length === 0 ? null : Object.fromEntries(earlier)
}

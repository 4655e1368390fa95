import type { Message, Thread, Usage } from '../../../../nouns/index.js'
import { canonicalJson } from '../../../../shared/project/index.js'
import type { ImportEvent } from '../importer.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { HeldRecords, MOST_BYTES } from '../held-records.js'
import { unfinished } from '../unfinished.js'
import { fieldsIn, isFields, textIn, type Fields } from '../values.js'
import { isOfSubagent, isShortened, textsOf, usageFrom } from './content.js'
import { Course } from './course.js'
import { RecentTexts } from './events.js'
import { recordOf, type Item } from './item.js'
import { Replay } from './replay.js'
import type { Pending } from './pending.js'
import { answerFrom, isOfModel, type Context } from './response.js'
import type { Spawned } from './spawned.js'
import { instructionsIn, isOutput, outputFrom, saysAborted, turnFrom, withoutInstructions } from './turn.js'

/** Makes events of the lines of one rollout as they come; it holds the response at hand. */
export class CodexSession {
  readonly #name: string
  readonly #oddities: Oddities
  readonly #spawned: Spawned
  readonly #replay: Replay
  /** In a sub-agent's thread no person speaks. */
  readonly #isSubagent: boolean
  readonly #records = new HeldRecords()
  readonly #texts = new RecentTexts()
  readonly #course: Course
  #events: ImportEvent[] = []
  #pending: Pending | null = null
  #made = 0
  #opened = 0
  #context: Context = { model: 'unknown', params: {} }
  #total = ''
  /** Of the line at hand. */
  #bytes = 0
  usage: Usage | null = null
  model: string | undefined

  /** @param meta the rollout's own `session_meta` @param parent of a sub-agent's rollout */
  constructor(name: string, meta: Item | null, parent: Thread['parent'], oddities: Oddities, spawned: Spawned) {
    this.#name = name
    this.#course = new Course(name)
    this.#oddities = oddities
    this.#spawned = spawned
    this.#replay = new Replay(meta)
    const own = meta === null ? {} : { extra: { codex: withoutInstructions(meta.payload) } }
    this.#openThread(name, parent, name === 'main' ? {} : own)
    const instructions = meta === null ? undefined : instructionsIn(meta.payload)
    if (instructions !== undefined) {
      this.#emit({ id: this.#nextId(), role: 'system', origin: 'agent', content: instructions })
    }
    this.#course.begin()
    this.#isSubagent = meta !== null && isOfSubagent(meta.payload)
  }

  /** Where a sub-agent hangs whose call is not known. */
  get last(): Thread['parent'] {
    return this.#course.message === null ? undefined : this.#course.parent('subagent')
  }

  get messages(): number {
    return this.#made
  }

  /** @param bytes of the line */
  take(item: Item, bytes = 0): void {
    this.#bytes = bytes
    if (item.kind === 'response_item') this.#hold()
    const isCopy = this.#replay.holds(item)
    if (item.kind === 'response_item') this.#response(item, isCopy)
    else if (item.kind === 'compacted') this.#compacted(item)
    else if (item.kind === 'event_msg') this.#event(item)
    else {
      if (item.kind === 'turn_context') this.#turnContext(item.payload)
      this.record(recordOf(item))
    }
  }

  /** A response that no count of tokens ends must not grow in memory. */
  #hold(): void {
    if (this.#pending === null) return
    this.#pending.bytes += this.#bytes
    if (this.#pending.bytes <= MOST_BYTES) return
    this.#oddities.count('divided-answer')
    this.#flush()
  }

  /** Keeps what is no message until the next message carries it. */
  record(record: unknown): void {
    this.#records.add(record)
    if (this.#records.isFull) this.#aside()
  }

  /** The events since the last time. */
  drain(): ImportEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  /** The records that no message came after. */
  finish(): readonly unknown[] {
    this.#flush()
    return this.#takeRecords()
  }

  #response(item: Item, isCopy: boolean): void {
    if (isOfModel(item)) this.#ofModel(item, isCopy)
    else if (isOutput(item)) this.#output(item, isCopy)
    else if (item.payload['type'] === 'message' || item.payload['type'] === 'agent_message') {
      if (saysAborted(item)) this.#cut()
      this.#flush()
      const message = turnFrom(item, this.#nextId())
      if (message.origin === 'human') this.#course.turn()
      const spoken: Message = this.#isSubagent && message.origin === 'human' ? { ...message, origin: 'agent' } : message
      this.#emit(isCopy ? { ...message, origin: 'rebuilt' } : spoken)
    } else this.record(recordOf(item))
  }

  /** Items that follow each other are one response; outputs, or a count of its tokens, end it. */
  #ofModel(item: Item, isCopy: boolean): void {
    const pending = this.#pending
    if (pending !== null && pending.outputs.length === 0 && pending.counted === null) {
      pending.items.push(item)
      return
    }
    this.#flush()
    const id = this.#nextId()
    const records = this.#takeRecords()
    this.#course.stand(id)
    this.#pending = {
      id,
      context: this.#context,
      items: [item],
      outputs: [],
      records,
      isCopy,
      counted: null,
      isCut: false,
      bytes: this.#bytes,
    }
  }

  #output(item: Item, isCopy: boolean): void {
    const made = outputFrom(item, this.#nextId())
    const message: Message = isCopy ? { ...made, origin: 'rebuilt' } : made
    if (isShortened(message.content)) this.#oddities.count('cut-by-agent')
    const call = message.toolCallId
    if (call !== undefined) {
      const answer = this.#pending?.id ?? this.#course.message ?? message.id
      this.#spawned.see(textsOf(message.content), { thread: this.#course.thread, message: answer, toolCall: call })
    }
    if (this.#pending === null) this.#emit(message)
    else {
      this.#pending.outputs.push(message)
      this.#course.stand(message.id)
    }
  }

  #event(item: Item): void {
    const type = textIn(item.payload, 'type')
    if (type === 'token_count') this.#count(item)
    else {
      if (type === 'thread_rolled_back') this.#rollBack(item.payload)
      if (type === 'turn_aborted') this.#cut()
      if (type === 'turn_aborted' && item.payload['reason'] === 'interrupted') this.#oddities.count('interrupted')
      this.record(recordOf(item))
    }
  }

  /** A response with results, or whose tokens were counted, had ended before the turn did. */
  #cut(): void {
    const pending = this.#pending
    if (pending !== null && pending.outputs.length === 0 && pending.counted === null) pending.isCut = true
  }

  /** The same count is told again whenever a limit changes: only a new one is a response's. */
  #count(item: Item): void {
    const info = fieldsIn(item.payload, 'info')
    const total = canonicalJson(info['total_token_usage'] ?? null)
    const isNew = isFields(info['last_token_usage']) && total !== this.#total
    if (isNew) {
      this.#total = total
      this.usage = usageFrom(fieldsIn(info, 'total_token_usage')) ?? this.usage
    }
    if (isNew && this.#pending?.counted === null) {
      this.#pending.counted = { ...item.payload, ...(item.time === undefined ? {} : { timestamp: item.time }) }
    } else this.record(recordOf(item))
  }

  #turnContext(payload: Fields): void {
    const { effort, summary } = payload
    const model = textIn(payload, 'model') ?? this.#context.model
    if (this.model === undefined && model !== 'unknown') this.model = model
    const params = { ...(effort === undefined ? {} : { effort }), ...(summary === undefined ? {} : { summary }) }
    this.#context = { model, params }
  }

  /** The thread that goes on with what stands for the history from here on. */
  #compacted({ payload, time }: Item): void {
    this.#flush()
    const { replacement_history: history, message } = payload
    const items: unknown[] = Array.isArray(history) ? history : []
    const rest = omit(payload, 'replacement_history', ...(items.length === 0 ? ['message'] : []))
    const extra = { codex: { ...rest, ...(time === undefined ? {} : { timestamp: time }) } }
    const parent = this.#course.parent('compaction')
    this.#course.renew(this.#nameOf('compact'))
    this.#openThread(this.#course.thread, parent, { extra })
    const said = { type: 'message', role: 'user', content: [{ type: 'input_text', text: message }] }
    const summary = typeof message === 'string' ? [said] : [{ type: 'compacted', message }]
    for (const one of items.length === 0 ? summary : items) this.#rebuilt(one)
    this.#flush()
  }

  #rebuilt(value: unknown): void {
    if (!isFields(value)) this.record(value)
    else this.#response({ kind: 'response_item', payload: value, more: {} }, true)
  }

  /** A person went back by some turns: what follows goes on from before them. */
  #rollBack(payload: Fields): void {
    this.#flush()
    const count = typeof payload['num_turns'] === 'number' ? Math.max(1, Math.trunc(payload['num_turns'])) : 1
    if (!this.#course.undo(count)) this.#oddities.count('undone-beyond-log')
    const parent = this.#course.parent('edit')
    this.#course.branch(this.#nameOf('edit'))
    this.#openThread(this.#course.thread, parent, {})
  }

  #nameOf(kind: string): string {
    this.#opened += 1
    return `${this.#name === 'main' ? '' : `${this.#name}:`}${kind}-${this.#opened}`
  }

  #openThread(id: string, parent: Thread['parent'], more: Partial<Thread>): void {
    this.#events.push({ ...more, type: 'thread', id, ...(parent === undefined ? {} : { parent }) })
  }

  #flush(): void {
    const pending = this.#pending
    if (pending === null) return
    this.#pending = null
    const { items, id, context, counted, outputs, records, isCopy, isCut } = pending
    const said = answerFrom(items, id, context, counted, this.#oddities)
    const answer = isCut && !isCopy ? unfinished(said, this.#oddities) : said
    this.#know(answer)
    this.#emit(isCopy ? { ...answer, origin: 'rebuilt' } : answer, records)
    for (const output of outputs) this.#emit(output, [])
  }

  #emit(message: Message, records: readonly unknown[] = this.#takeRecords(message)): void {
    this.#know(message)
    this.#course.stand(message.id)
    const own = fieldsIn(message.extra ?? {}, 'codex')
    const told = records.map((record) => (isFields(record) ? this.#texts.withoutCopy(record) : record))
    const extra = { ...message.extra, codex: { ...own, records: told } }
    this.#events.push({
      type: 'message',
      thread: this.#course.thread,
      message: records.length === 0 ? message : { ...message, extra },
    })
  }

  #know({ content, reasoning }: Message): void {
    const texts = textsOf(content)
    this.#texts.add([
      ...texts,
      ...(texts.length > 1 ? [texts.join('')] : []),
      ...(reasoning?.text?.split('\n\n') ?? []),
    ])
    if (reasoning?.text !== undefined) this.#texts.add([reasoning.text])
  }

  #takeRecords(before?: Message): readonly unknown[] {
    if (before !== undefined) this.#know(before)
    return this.#records.take().map((record) => (isFields(record) ? this.#texts.withoutCopy(record) : record))
  }

  #aside(): void {
    const records = this.#takeRecords()
    const why = 'records of the program, no call of a model'
    const aside = { id: `${this.#name}-records-${this.#made}-${(this.#opened += 1)}`, why, messages: [] }
    this.#events.push({
      type: 'aside',
      aside: { ...aside, thread: this.#course.thread, extra: { codex: { records } } },
    })
  }

  #nextId(): string {
    const id = `${this.#name === 'main' ? '' : `${this.#name}:`}m${this.#made}`
    this.#made += 1
    return id
  }
}

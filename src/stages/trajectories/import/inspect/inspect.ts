import type { Message, Outcome, Thread, Usage } from '../../../../nouns/index.js'
import type { ImportEvent } from '../importer.js'
import type { Oddities } from '../oddities.js'
import { ResultJoiner } from './join.js'

/** What an import reports of one trajectory. */
export interface Inspection {
  /** In all threads; not those of asides. */
  readonly messages: number
  /** The agent's calls, each once: a rebuilt history repeats them. */
  readonly toolCalls: number
  readonly threads: number
  readonly outcome: Outcome['status']
  /** What the source lacks, by name. */
  readonly missing: readonly string[]
  /** The sum over the calls that made its messages; undefined where none has any. */
  readonly usage?: Usage
}

/** Looks at the events of one trajectory as they pass, in memory that does not grow with their content. */
export class Inspector {
  readonly #oddities: Oddities
  readonly #joiners = new Map<string, ResultJoiner>()
  readonly #mainLine = new Set<string>()
  readonly #has = { 'system prompt': false, tools: false, reasoning: false, outcome: false }
  #messages = 0
  #toolCalls = 0
  #outcome: Outcome['status'] = 'unknown'
  #endsInAnswer = false
  #usage: Usage | undefined

  constructor(oddities: Oddities) {
    this.#oddities = oddities
  }

  /** The event as it is to be kept: a result tied to its call. */
  take(event: ImportEvent): ImportEvent {
    switch (event.type) {
      case 'thread':
        this.#openThread(event.id, event.parent)
        return event
      case 'message':
        return this.#messageEvent(event)
      case 'tools':
        this.#has.tools ||= event.tools.length > 0
        return event
      case 'outcome':
        this.#outcome = event.outcome.status
        this.#has.outcome ||= event.outcome.status !== 'unknown'
        return event
      case 'aside':
      case 'round':
        return event
    }
  }

  finish(): Inspection {
    for (const joiner of this.#joiners.values()) joiner.finish()
    if (!this.#endsInAnswer) this.#oddities.count('missing-final-answer')
    return {
      messages: this.#messages,
      toolCalls: this.#toolCalls,
      threads: this.#joiners.size,
      outcome: this.#outcome,
      missing: Object.entries(this.#has).flatMap(([name, there]) => (there ? [] : [name])),
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
    }
  }

  #openThread(id: string, parent: Thread['parent']): ResultJoiner {
    if (parent === undefined ? this.#mainLine.size === 0 : continues(parent, this.#mainLine)) this.#mainLine.add(id)
    const joiner = this.#joiners.get(id) ?? new ResultJoiner(this.#oddities)
    this.#joiners.set(id, joiner)
    return joiner
  }

  #messageEvent(event: Extract<ImportEvent, { type: 'message' }>): ImportEvent {
    const message = this.#message(event.thread, event.message)
    return message === event.message ? event : { ...event, message }
  }

  #message(thread: string, message: Message): Message {
    const joiner = this.#joiners.get(thread) ?? this.#openThread(thread, undefined)
    this.#messages += 1
    this.#has['system prompt'] ||= message.role === 'system'
    this.#has.reasoning ||= message.reasoning !== undefined
    // A simulated user says goodbye after the answer.
    if (this.#mainLine.has(thread) && message.origin !== 'simulated') this.#endsInAnswer = isAnswer(message)
    if (message.origin === 'rebuilt') return joiner.take(message)
    if (message.role === 'assistant') this.#examineCalls(message)
    if (message.call?.stop === 'length') this.#oddities.count('cut-by-length')
    if (message.call?.usage !== undefined) this.#usage = sumOf(this.#usage, message.call.usage)
    if (!isWellFormed(message)) this.#oddities.count('lone-surrogate')
    return joiner.take(message)
  }

  #examineCalls(message: Message): void {
    for (const call of message.toolCalls ?? []) {
      this.#toolCalls += 1
      if (call.form !== 'text' && !parses(call.arguments)) this.#oddities.count('unparsable-arguments')
      if (CONTROL.test(call.name)) this.#oddities.count('control-characters')
    }
  }
}

const CONTROL = /\p{Cc}/u

/** A later thread of the main line: after a compaction, or where the history was edited and went on. */
const continues = (parent: NonNullable<Thread['parent']>, mainLine: ReadonlySet<string>): boolean =>
  parent.relation !== 'subagent' && mainLine.has(parent.thread)

/** Token by token; a kind that no call names is not there. */
function sumOf(sum: Usage | undefined, usage: Usage): Usage {
  if (sum === undefined) return usage
  const kinds = Object.keys({ ...sum, ...usage }) as (keyof Usage)[]
  const added = kinds.map((kind) => [kind, (sum[kind] ?? 0) + (usage[kind] ?? 0)] as const)
  return Object.fromEntries(added) as Usage
}

/** Whether its text is Unicode: half a pair has no UTF-8, and many programs refuse it. */
const isWellFormed = ({ content, reasoning }: Message): boolean =>
  (typeof content !== 'string' || content.isWellFormed()) && (reasoning?.text ?? '').isWellFormed()

function isAnswer({ role, toolCalls, content }: Message): boolean {
  if (role !== 'assistant' || (toolCalls ?? []).length > 0) return false
  if (typeof content === 'string') return content.trim() !== ''
  return content.some((part) => typeof part['text'] !== 'string' || part['text'].trim() !== '')
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

import type { Message } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'

/** A second result follows its first soon: the ids of older answers, at most twice as many, are forgotten, and a session may be of any length. */
const REMEMBERED = 10_000

/**
 * Ties each tool result of one thread to the call before it that it answers. An id that lost its punctuation is repaired, the id as it
 * came kept in `extra.toolCallId`. Holds open calls and the ids of those answered last, no messages.
 */
export class ResultJoiner {
  /** Open calls, and their ids without punctuation. */
  readonly #open = new Map<string, string>()
  /** The same the other way round; a set takes much memory, and hardly two open calls are alike. */
  readonly #loose = new Map<string, string | Set<string>>()
  #answered = new Map<string, string>()
  #answeredBefore: ReadonlyMap<string, string> = new Map()
  /** Calls of a rebuilt history: they were counted where they were said, and a result that comes later answers them. */
  readonly #repeated = new Set<string>()
  readonly #oddities: Oddities

  constructor(oddities: Oddities) {
    this.#oddities = oddities
  }

  take(message: Message): Message {
    const isRebuilt = message.origin === 'rebuilt'
    for (const { id } of message.toolCalls ?? []) {
      this.#call(id)
      if (isRebuilt) this.#repeated.add(id)
    }
    return message.role === 'tool' ? this.#result(message) : message
  }

  /** Counts the calls that nothing answered. */
  finish(): void {
    const open = [...this.#open.keys()].filter((id) => !this.#repeated.has(id))
    this.#oddities.count('unanswered-call', open.length)
  }

  #call(id: string): void {
    const bareId = bare(id)
    if (this.#open.has(id) || this.#answer(bareId) === id) this.#oddities.count('repeated-call-id')
    const alike = this.#loose.get(bareId)
    if (alike === undefined || alike === id) this.#loose.set(bareId, id)
    else if (typeof alike === 'string') this.#loose.set(bareId, new Set([alike, id]))
    else alike.add(id)
    this.#open.set(id, bareId)
  }

  /** From now on it is answered. */
  #close(id: string): void {
    const bareId = this.#open.get(id) ?? bare(id)
    this.#open.delete(id)
    this.#repeated.delete(id)
    const alike = this.#loose.get(bareId)
    if (typeof alike === 'object') alike.delete(id)
    if (alike === id || (typeof alike === 'object' && alike.size === 0)) this.#loose.delete(bareId)
    this.#answered.set(bareId, id)
    if (this.#answered.size < REMEMBERED) return
    this.#answeredBefore = this.#answered
    this.#answered = new Map()
  }

  #result(message: Message): Message {
    const given = message.toolCallId
    const id = given === undefined ? this.#onlyOpen() : (this.#find(given) ?? this.#again(given))
    if (id === undefined) {
      this.#oddities.count('orphaned-result')
      return message
    }
    this.#close(id)
    if (id === given) return message
    this.#oddities.count('repaired-id')
    return { ...message, toolCallId: id, extra: { ...message.extra, toolCallId: given ?? null } }
  }

  #onlyOpen(): string | undefined {
    return this.#open.size === 1 ? this.#open.keys().next().value : undefined
  }

  #find(given: string): string | undefined {
    if (this.#open.has(given)) return given
    const loose = bare(given)
    if (this.#answer(loose) === given) return undefined
    const alike = loose === '' ? undefined : this.#loose.get(loose)
    if (typeof alike !== 'object') return alike
    return alike.size === 1 ? alike.values().next().value : undefined
  }

  #again(given: string): string | undefined {
    const id = this.#answer(bare(given))
    if (id !== undefined) this.#oddities.count('repeated-result')
    return id
  }

  #answer(loose: string): string | undefined {
    return this.#answered.get(loose) ?? this.#answeredBefore.get(loose)
  }
}

/** Most ids are ASCII, and a pattern of Unicode classes takes ten times as long. */
const bare = (id: string): string =>
  NOT_ASCII.test(id) ? id.replace(/[^\p{L}\p{N}]/gu, '') : id.replace(/[^A-Za-z0-9]+/g, '')

const NOT_ASCII = /[^\0-\x7f]/

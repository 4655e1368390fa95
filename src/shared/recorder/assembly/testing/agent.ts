import type { ToolCall, ToolSpec } from '../../../../nouns/index.js'
import type { DialectName, WireMessage, WireResponse } from '../../../wire/index.js'
import type { RecordedCall } from '../../call.js'
import { replay } from './replay.js'
import type { TrueMessage, TrueThread } from './truth.js'

export interface Chance {
  /** From 0 up to, and without, the limit. */
  below(limit: number): number
  /** True once in so many times. */
  oneIn(times: number): boolean
}

/** What a conversation is called with. */
export interface Conversation {
  thread: TrueThread
  readonly isSubagent: boolean
  readonly session?: string
  system: string
  tools: readonly ToolSpec[]
  /** As the agent keeps it, without the system prompt. */
  history: WireMessage[]
  /** For each message of the history, how many true messages it ends at. */
  marks: number[]
}

export type Steps<T> = Generator<undefined, T, undefined>

/** One program that speaks a dialect, and the truth of what it does. Between two steps other conversations go on. */
export class SimulatedAgent {
  readonly calls: RecordedCall[] = []
  readonly threads: TrueThread[] = []
  /** The numbers of calls that are no turns. */
  readonly asides = new Set<number>()
  readonly #dialect: DialectName
  readonly #chance: Chance
  #words = 0
  #begun = 0

  constructor(dialect: DialectName, chance: Chance) {
    this.#dialect = dialect
    this.#chance = chance
  }

  /** A text like no other. */
  words(kind: string): string {
    this.#words += 1
    return `${kind} number ${this.#words} of the work at hand`
  }

  callId(): string {
    this.#words += 1
    return `toolu_${this.#words}`
  }

  open(parent?: TrueThread['parent']): TrueThread {
    const thread: TrueThread = { first: 0, messages: [], ...(parent === undefined ? {} : { parent }) }
    this.threads.push(thread)
    return thread
  }

  /** Adds to the history, and to the truth. */
  tell(at: Conversation, message: WireMessage, ...truth: readonly TrueMessage[]): void {
    at.thread.messages.push(...truth)
    at.history.push(message)
    at.marks.push(at.thread.messages.length)
  }

  /** A call that ends as given. Its end is told after other conversations had their turn. */
  *call(at: Conversation, given: Partial<Given>, response?: WireResponse): Steps<number> {
    this.#begun += 1
    const seq = this.#begun
    if (given.isAside !== true && at.thread.first === 0) at.thread.first = seq
    const system: WireMessage[] = given.system === '' ? [] : [{ role: 'system', content: given.system ?? at.system }]
    const messages = [...system, ...replay(given.history ?? at.history, this.#dialect)]
    const request = {
      ...{ model: 'm', stream: true, params: {}, wantsSchema: given.wantsSchema ?? false },
      messages: structuredClone(messages),
      tools: given.tools ?? at.tools,
    }
    yield
    this.calls.push({
      id: `c${seq}`,
      dialect: this.#dialect,
      time: new Date(1_700_000_000_000 + seq * 1000).toISOString(),
      durationMs: 10,
      identity: at.session === undefined ? {} : { session: at.session },
      request,
      status: given.status ?? 200,
      ...(response === undefined ? {} : { response: this.#asSent(response) }),
    })
    return seq
  }

  /** Gemini's calls have no ids of their own: the program makes them. */
  #asSent(response: WireResponse): WireResponse {
    const { message } = response
    if (this.#dialect !== 'gemini' || message?.toolCalls === undefined) return response
    const toolCalls = message.toolCalls.map((call, at): ToolCall => ({ ...call, id: `call_00000000000000${10 + at}` }))
    return { ...response, message: { ...message, toolCalls } }
  }

  /** An answer, after attempts that failed. */
  *ask(at: Conversation, message: WireMessage): Steps<void> {
    while (this.#chance.oneIn(8)) {
      const seq = yield* this.#failure(at, message)
      this.asides.add(seq)
    }
    yield* this.call(at, {}, { message, complete: true, stop: 'stop', usage: { inputTokens: 1, outputTokens: 1 } })
    this.tell(at, message, trueAnswer(message))
  }

  *#failure(at: Conversation, message: WireMessage): Steps<number> {
    const kind = this.#chance.below(3)
    if (kind === 0) return yield* this.call(at, { status: 503 }, { complete: true, error: 'overloaded' })
    if (kind === 1) return yield* this.call(at, {})
    const text = typeof message.content === 'string' ? message.content.slice(0, 12) : ''
    return yield* this.call(at, {}, { message: { role: 'assistant', content: text }, complete: false })
  }
}

interface Given {
  readonly system: string
  readonly history: readonly WireMessage[]
  readonly tools: readonly ToolSpec[]
  readonly wantsSchema: boolean
  readonly status: number
  readonly isAside: boolean
}

export function trueAnswer(message: WireMessage): TrueMessage {
  const { content, reasoning, toolCalls } = message
  return {
    role: 'assistant',
    origin: 'model',
    text: typeof content === 'string' ? content : '',
    ...(reasoning?.text === undefined ? {} : { reasoning: reasoning.text }),
    calls: (toolCalls ?? []).map(({ id, name, arguments: text }) => ({ id, name, arguments: text })),
  }
}

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
  /** How much of the history was put together by the program, and is not gone back into. */
  floor: number
  /** For each message of the history, the true message that it ends at. */
  marks: Mark[]
}

interface Mark {
  readonly thread: TrueThread
  readonly after: number
}

export const markOf = ({ thread }: Pick<Conversation, 'thread'>): Mark => ({ thread, after: thread.messages.length })

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
    at.marks.push(markOf(at))
  }

  /** What a request shows of a history, results in the order of their calls. */
  shows(history: readonly WireMessage[]): readonly WireMessage[] {
    const ids = history.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id))
    const placeOf = ({ toolCallId = '' }: WireMessage): number => ids.indexOf(toolCallId)
    return replay(history, this.#dialect).map((message, at, all) => {
      if (message.role !== 'tool') return message
      const start = all.findLastIndex(({ role }, place) => place < at && role !== 'tool') + 1
      const end = all.findIndex(({ role }, place) => place > at && role !== 'tool')
      const run = all.slice(start, end === -1 ? all.length : end).sort((a, b) => placeOf(a) - placeOf(b))
      return run[at - start] ?? message
    })
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
    if (!at.isSubagent && this.#chance.oneIn(12)) this.asides.add(yield* this.#lost(at))
    yield* this.call(at, {}, { message, complete: true, stop: 'stop', usage: { inputTokens: 1, outputTokens: 1 } })
    this.tell(at, message, trueAnswer(message))
  }

  /** A whole answer that never reached the agent, which asks again. */
  *#lost(at: Conversation): Steps<number> {
    const message: WireMessage = { role: 'assistant', content: this.words('lost answer') }
    return yield* this.call(at, {}, { message, complete: true })
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

/** What the model was shown, and what nobody said then. */
export function rebuilt(message: WireMessage): TrueMessage {
  const { role, content, toolCallId } = message
  return {
    ...trueAnswer(message),
    ...{ role, origin: 'rebuilt' },
    text: typeof content === 'string' ? content : content.map(({ text }) => text).join('|'),
    ...(toolCallId === undefined ? {} : { result: toolCallId }),
  }
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

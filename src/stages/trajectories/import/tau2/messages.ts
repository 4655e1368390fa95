import type { Aside, Message } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { callOf, callsFrom, reasoningOf } from './assistant.js'
import type { AssistantMessage, Info, MultiToolMessage, Said, ToolMessage, UserMessage } from './record.js'

export interface SimulatedConversation {
  readonly messages: Message[]
  readonly asides: Aside[]
}

/** What the messages of one simulation share. */
export interface Shared {
  readonly info: Info
  readonly params: Record<string, unknown>
  /** Digest of the tools offered to the agent. */
  readonly tools: string | undefined
  /** How many messages the task put in front, before anyone spoke. */
  readonly given: number
}

/** Builds the agent's line; what the simulated user does with tools of its own stands beside it. */
export class ConversationBuilder {
  readonly #messages: Message[] = []
  readonly #asides: Aside[] = []
  readonly #shared: Shared
  readonly #oddities: Oddities
  #count = 0

  constructor(shared: Shared, oddities: Oddities) {
    this.#shared = shared
    this.#oddities = oddities
  }

  add(said: Said, index: number): void {
    if (said.role === 'assistant') this.#assistant(said, index)
    else if (said.role === 'user') this.#user(said)
    else if (said.role === 'system') this.#say({ role: 'system', origin: 'agent', ...textAndExtra(said) })
    else if (isMulti(said)) for (const one of said.tool_messages) this.#result(one, omit(said, 'role', 'tool_messages'))
    else this.#result(said, {})
  }

  finish = (): SimulatedConversation => ({ messages: this.#messages, asides: this.#asides })

  /** The orchestrator speaks first, in the agent's name; so does a history that a task begins with. */
  #assistant(said: AssistantMessage, index: number): void {
    const id = this.#id()
    const byModel = index >= this.#shared.given && (index > 0 || isModels(said))
    const calls = callsFrom(said, id, this.#oddities)
    this.#oddities.count('refused-attempt', (said.errors ?? []).length)
    this.#messages.push({
      id,
      role: 'assistant',
      origin: byModel ? 'model' : 'agent',
      ...(byModel ? reasoningOf(said, this.#shared.info) : {}),
      ...textAndExtra(said, ...(byModel ? ['usage', 'raw_data', 'cost'] : [])),
      ...(calls.length === 0 ? {} : { toolCalls: calls }),
      ...(byModel ? { call: callOf(said, this.#shared) } : {}),
    })
  }

  #user(said: UserMessage): void {
    if ((said.tool_calls ?? []).length > 0) this.#userCalls(said)
    else this.#say({ role: 'user', origin: 'simulated', ...textAndExtra(said) })
  }

  #userCalls(said: UserMessage): void {
    if (said.content !== null && said.content !== undefined && said.content !== '') {
      const { content, time } = textAndExtra(said)
      this.#say({ role: 'user', origin: 'simulated', content, ...(time === undefined ? {} : { time }) })
    }
    const after = this.#messages.at(-1)?.id
    const id = this.#id()
    const message: Message = {
      id,
      role: 'user',
      origin: 'simulated',
      ...textAndExtra(said),
      toolCalls: callsFrom(said, id, this.#oddities),
    }
    this.#asides.push({
      id: `user-tools-${this.#asides.length + 1}`,
      why: WHY,
      thread: 'main',
      messages: [message],
      ...(after === undefined ? {} : { extra: { tau2: { after } } }),
    })
  }

  #result(said: ToolMessage, rest: Record<string, unknown>): void {
    const { requestor, error, content } = said
    const { extra } = textAndExtra(said, 'id', 'error', 'requestor')
    const own = { ...extra?.tau2, ...rest, ...(requestor === 'user' ? { requestor } : {}) }
    const message: Message = {
      id: this.#id(),
      role: 'tool',
      origin: 'tool',
      content: content ?? '',
      toolCallId: said.id,
      ...(typeof said.timestamp === 'string' ? { time: said.timestamp } : {}),
      ...(typeof error === 'boolean' ? { isError: error } : {}),
      ...(Object.keys(own).length === 0 ? {} : { extra: { tau2: own } }),
    }
    const aside = this.#asides.at(-1)
    if (requestor !== 'user') this.#messages.push(message)
    else if (aside !== undefined) this.#asides.splice(-1, 1, { ...aside, messages: [...aside.messages, message] })
    else this.#asides.push({ id: 'user-tools-1', why: WHY, thread: 'main', messages: [message] })
  }

  #say(message: Omit<Message, 'id'> & Pick<Message, 'role' | 'origin' | 'content'>): void {
    this.#messages.push({ ...message, id: this.#id() })
  }

  #id = (): string => `m${this.#count++}`
}

const WHY = "simulated user's own tool call"

/** The greeting that the orchestrator adds comes from no model: nothing was called, so no response was kept. */
const isModels = (said: AssistantMessage): boolean =>
  (said.raw_data !== null && said.raw_data !== undefined) || (said.tool_calls ?? []).length > 0

const isMulti = (said: ToolMessage | MultiToolMessage): said is MultiToolMessage => 'tool_messages' in said

interface Text {
  readonly [field: string]: unknown
  readonly content?: string | null | undefined
}
type Kept = Pick<Message, 'content' | 'time'> & { extra?: { tau2: Record<string, unknown> } }

/** Text and time in their places, calls nowhere, the rest in `extra`; null content stays told from an empty text. */
function textAndExtra(said: Text, ...placed: readonly string[]): Kept {
  const { content, timestamp } = said
  const known = new Set([
    'role',
    'content',
    'tool_calls',
    ...(typeof timestamp === 'string' ? ['timestamp'] : []),
    ...placed,
  ])
  const rest = Object.entries(said).filter(([key, value]) => !known.has(key) && value !== null)
  const extra = { ...Object.fromEntries(rest), ...(content === null ? { content } : {}) }
  return {
    content: content ?? '',
    ...(typeof timestamp === 'string' ? { time: timestamp } : {}),
    ...(Object.keys(extra).length === 0 ? {} : { extra: { tau2: extra } }),
  }
}

import type { Aside, Call, Message } from '../../../../nouns/index.js'
import type { ImportEvent } from '../importer.js'
import type { Oddities } from '../oddities.js'
import type { Fields } from '../values.js'
import type { Answer } from './answer.js'
import { answerFrom, leftoverOf, type Spoken } from './content.js'
import { textIn, type Request } from './event.js'

/** A call whose id was made, and that a result may name by its function only. */
export interface UnnamedCall {
  readonly id: string
  readonly name: string
}

/** A request that was sent, with the digest of the tools it offered. */
export interface Sent {
  readonly request: Request
  readonly tools: string | undefined
  readonly errors: Fields[]
}

/** Gives messages and asides their ids, and events of other kinds a place: at the message that follows them. */
export class Writer {
  readonly oddities: Oddities
  #messages = 0
  #asides = 0
  #between: unknown[] = []

  constructor(oddities: Oddities) {
    this.oddities = oddities
  }

  /** Keeps an event for the message that comes next. */
  keep(event: unknown): void {
    this.#between.push(event)
  }

  /** What no message followed. */
  left(): readonly unknown[] {
    return this.#between
  }

  message(spoken: Spoken, unnamed: UnnamedCall[] = []): Message {
    const id = `m${this.#messages}`
    this.#messages += 1
    const events = this.#between
    this.#between = []
    const message = withIds({ ...spoken, id }, unnamed)
    return events.length === 0 ? message : withLeftover(message, { events })
  }

  /** What the model said, by its own response. */
  answer(answer: Answer, sent: Sent | undefined, unnamed?: UnnamedCall[]): Message {
    const said = answerFrom(answer.parts, this.oddities)
    return this.message({ ...said, call: callOf(sent, answer) }, unnamed)
  }

  aside(why: string, messages: Message[], sent?: Sent, thread?: string): ImportEvent {
    const id = `a${this.#asides}`
    this.#asides += 1
    const leftover = {
      ...(sent === undefined ? {} : requestOf(sent)),
      ...(sent?.errors.length ? { errors: sent.errors } : {}),
    }
    const isSaid = messages.some((message) => message.call !== undefined)
    const aside: Aside = {
      id,
      why,
      ...(thread === undefined ? {} : { thread }),
      messages,
      ...(isSaid && leftover.errors === undefined
        ? {}
        : { extra: { limiEvents: isSaid ? { errors: leftover.errors } : leftover } }),
    }
    return { type: 'aside', aside }
  }
}

/** The call that made a message; its request without history, and its response without content, as they were logged. */
export function callOf(sent: Sent | undefined, answer: Answer | undefined): Call {
  const leftover = {
    ...(sent === undefined ? {} : requestOf(sent)),
    ...(answer === undefined ? {} : { response: answer.rest }),
  }
  return {
    model: sent?.request.model ?? answer?.model ?? 'unknown',
    params: {},
    ...(sent?.tools === undefined ? {} : { tools: sent.tools }),
    ...answer?.call,
    extra: { limiEvents: { ...leftover, ...(sent?.errors.length ? { errors: sent.errors } : {}) } },
  }
}

const requestOf = ({ request, tools }: Sent): { request: Fields; tools?: string; errors?: unknown } => ({
  request: request.rest,
  ...(tools === undefined ? {} : { tools }),
})

export const withLeftover = (message: Message, more: Fields): Message => ({
  ...message,
  extra: { ...message.extra, limiEvents: { ...leftoverOf(message), ...more } },
})

/** The Gemini API names no calls; its results then come in the order of the calls of their function. */
function withIds(message: Message, unnamed: UnnamedCall[]): Message {
  if (message.role === 'tool' && message.toolCallId === undefined) {
    const name = textIn(leftoverOf(message)['name'])
    const at = unnamed.findIndex((call) => call.name === name)
    const [call] = at === -1 ? [] : unnamed.splice(at, 1)
    return call === undefined ? message : { ...message, toolCallId: call.id }
  }
  if (message.toolCalls === undefined) return message
  const toolCalls = message.toolCalls.map((call, at) => {
    if (call.id !== '') return call
    const named = { ...call, id: `${message.id}-call${at}` }
    unnamed.push({ id: named.id, name: call.name })
    return named
  })
  return { ...message, toolCalls }
}

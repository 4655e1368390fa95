import { randomBytes } from 'node:crypto'
import { ExactJson, type ChatMessage } from '../../conversation/index.js'

/** A text of a message that a template may print. */
export interface Slot {
  /** Index of its message. */
  readonly message: number
  readonly field: 'content' | 'reasoning' | 'name' | 'argument'
  readonly text: string
}

/** Messages with a sentinel in place of each text, and the texts in the order of their numbers. */
export interface Substituted {
  readonly messages: readonly ChatMessage[]
  readonly slots: readonly Slot[]
  /** Finds a sentinel; its one group is the number of the slot. */
  readonly pattern: RegExp
}

export interface What {
  /** Whether the texts of this message, by its index, are replaced. */
  readonly message: (index: number) => boolean
  /** False leaves the arguments of calls as they are. */
  readonly inArguments: boolean
}

/** A text of JSON, with the colon after it where it is a key. */
const STRING = /("[^"\\]*(?:\\[^][^"\\]*)*")(\s*:)?/g

/**
 * Puts a sentinel in place of each text. A blank text stays: templates ask whether there is any, and there is nothing to find.
 * A sentinel is letters of both cases and digits, so that JSON leaves it as it is and a template that changes case is found out; nothing
 * in a conversation can hold it, as it is drawn anew each time.
 */
export function substitute(messages: readonly ChatMessage[], what: What): Substituted {
  const nonce = `Zq${randomBytes(12).toString('hex')}`
  const slots: Slot[] = []
  const changed = messages.map((message, index) => {
    if (!what.message(index)) return message
    const take = (field: Slot['field'], text: string): string => {
      if (text.trim() === '') return text
      slots.push({ message: index, field, text })
      return `${nonce}x${slots.length - 1}X`
    }
    return replaceIn(message, take, what.inArguments)
  })
  return { messages: changed, slots, pattern: new RegExp(`${nonce}x(\\d+)X`) }
}

type Take = (field: Slot['field'], text: string) => string

function replaceIn(message: ChatMessage, take: Take, inArguments: boolean): ChatMessage {
  const { content, reasoning_content: reasoning, tool_calls: calls } = message
  return {
    ...message,
    content: take('content', content),
    ...(reasoning === undefined ? {} : { reasoning_content: take('reasoning', reasoning) }),
    ...(calls === undefined
      ? {}
      : {
          tool_calls: calls.map((call) => {
            const { name, arguments: given } = call.function
            const shown = inArguments ? inValue(given, (text) => take('argument', text)) : given
            return { ...call, function: { ...call.function, name: take('name', name), arguments: shown } }
          }),
        }),
  }
}

/** Texts within a JSON value, keys aside: a template may look for them. */
function inValue(value: unknown, take: (text: string) => string): unknown {
  if (typeof value === 'string') return take(value)
  if (value === null || typeof value !== 'object') return value
  if (value instanceof ExactJson) {
    return new ExactJson(
      value.text.replace(STRING, (whole, text: string, colon?: string) => {
        return colon === undefined ? JSON.stringify(take(JSON.parse(text) as string)) : whole
      }),
    )
  }
  if (Array.isArray(value)) return value.map((item) => inValue(item, take))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inValue(item, take)]))
}

/** All texts of a value, keys of objects and numbers kept as text included. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  if (value instanceof ExactJson)
    return [...value.text.matchAll(STRING)].map(([, text = '""']) => JSON.parse(text) as string)
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)])
}

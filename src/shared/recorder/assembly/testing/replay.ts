import type { ToolCall } from '../../../../nouns/index.js'
import type { DialectName, WireMessage } from '../../../wire/index.js'

/** How an agent that speaks a dialect writes its history into the next request, as readers of bodies give it. */
export function replay(history: readonly WireMessage[], dialect: DialectName): WireMessage[] {
  const plain = history.map((message): WireMessage => withoutReasoning(message))
  if (dialect === 'messages') return cached(merged(plain).map(asParts))
  if (dialect === 'gemini') return merged(plain.map(rewritten))
  if (dialect === 'responses') return plain.flatMap(divided)
  return plain.map((message) => (message.role === 'assistant' ? trimmed(message) : message))
}

function withoutReasoning({ role, content, toolCalls, toolCallId }: WireMessage): WireMessage {
  const calls = toolCalls === undefined ? {} : { toolCalls }
  return { role, content, ...calls, ...(toolCallId === undefined ? {} : { toolCallId }) }
}

const asParts = (message: WireMessage): WireMessage =>
  message.role === 'user' && typeof message.content === 'string'
    ? { ...message, content: [{ type: 'text', text: message.content }] }
    : message

function cached(messages: readonly WireMessage[]): WireMessage[] {
  return messages.map((message, at) => {
    const { content } = message
    if (at !== messages.length - 1 || typeof content === 'string') return message
    return { ...message, content: content.map((part) => ({ ...part, cache_control: { type: 'ephemeral' } })) }
  })
}

/** Neighbours of one role become one. */
function merged(messages: readonly WireMessage[]): WireMessage[] {
  const all: WireMessage[] = []
  for (const message of messages) {
    const last = all.at(-1)
    if (last?.role === 'user' && message.role === 'user') {
      all[all.length - 1] = { ...last, content: [...partsOf(last), ...partsOf(message)] }
    } else if (last?.role === 'assistant' && message.role === 'assistant') {
      const calls = [...(last.toolCalls ?? []), ...(message.toolCalls ?? [])]
      const content = [...partsOf(last), ...partsOf(message)]
      all[all.length - 1] = { ...last, content, ...(calls.length === 0 ? {} : { toolCalls: calls }) }
    } else all.push(message)
  }
  return all
}

const partsOf = ({ content }: WireMessage) =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content

/** Arguments are values there: the order of keys and white space are the client's. */
function rewritten(message: WireMessage): WireMessage {
  if (message.toolCalls === undefined) return message
  const mend = (call: ToolCall): ToolCall => {
    const entries = Object.entries(JSON.parse(call.arguments) as Record<string, unknown>).reverse()
    return { ...call, arguments: JSON.stringify(Object.fromEntries(entries)) }
  }
  return { ...message, toolCalls: message.toolCalls.map(mend) }
}

/** A text and each call are an item of their own. */
function divided(message: WireMessage): WireMessage[] {
  if (message.role !== 'assistant' || message.toolCalls === undefined || message.content === '') return [message]
  const { toolCalls, ...said } = message
  return [said, { role: 'assistant', content: '', toolCalls }]
}

const trimmed = (message: WireMessage): WireMessage =>
  typeof message.content === 'string' ? { ...message, content: message.content.trim() } : message

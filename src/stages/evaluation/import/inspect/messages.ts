import { own, type Message, type Origin, type Part } from '../../../../nouns/index.js'
import type { LogMessage } from './schema.js'

/** A sample's conversation. Long texts and images lie in the sample's attachments; they are put back in their place. */
export function messagesOf(messages: readonly LogMessage[], attachments: Readonly<Record<string, string>>): Message[] {
  const seen = new Set<string>()
  return messages.map((message, at) => {
    const id = typeof message.id === 'string' && !seen.has(message.id) ? message.id : `m${at + 1}`
    seen.add(id)
    return messageOf(message, id, attachments)
  })
}

function messageOf(message: LogMessage, id: string, attachments: Readonly<Record<string, string>>): Message {
  const { role, tool_calls, tool_call_id, error, model } = message
  const parts = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content
  const content = parts.map((part) => withAttachments(part, attachments) as Part)
  const reasoning = content.filter(({ type }) => type === 'reasoning')
  const rest = content.filter(({ type }) => type !== 'reasoning')
  const calls = tool_calls ?? []
  return {
    id,
    role,
    origin: originOf(message),
    content: plain(rest),
    ...(reasoning.length === 0 ? {} : { reasoning: reasoningOf(reasoning) }),
    ...(calls.length === 0 ? {} : { toolCalls: calls.map(callOf) }),
    ...(typeof tool_call_id === 'string' ? { toolCallId: tool_call_id } : {}),
    ...(typeof error?.message === 'string' ? { isError: true, extra: { inspect: { error } } } : {}),
    ...(role === 'assistant' && typeof model === 'string' ? { call: { model, params: {} } } : {}),
  }
}

/** Who spoke: what a scaffold put in is neither a person's nor the model's. */
function originOf({ role, source }: LogMessage): Origin {
  if (role === 'tool') return 'tool'
  if (role === 'assistant') return source === 'generate' ? 'model' : 'agent'
  return role === 'user' && (source === 'input' || source === 'operator') ? 'human' : 'agent'
}

/** One text alone is the content itself. */
function plain(parts: readonly Part[]): string | Part[] {
  if (parts.length === 0) return ''
  const [only] = parts
  if (parts.length > 1 || only?.type !== 'text' || typeof only['text'] !== 'string') return [...parts]
  return only['text']
}

/** Reasoning that the provider hid is a text that only it can read. */
function reasoningOf(parts: readonly Part[]): NonNullable<Message['reasoning']> {
  const texts = parts.flatMap((part) =>
    part['redacted'] !== true && typeof part['reasoning'] === 'string' ? [part['reasoning']] : [],
  )
  const signature = parts.map((part) => part['signature']).find((one) => typeof one === 'string')
  return {
    ...(texts.length === 0 ? {} : { text: texts.join('\n\n') }),
    kind: texts.length === 0 ? 'hidden' : 'full',
    ...(signature === undefined ? {} : { signature }),
  }
}

type LogCall = NonNullable<LogMessage['tool_calls']>[number]

/** The log holds arguments as a value: the model's exact text is lost. */
function callOf({
  id,
  function: name,
  arguments: given,
  parse_error,
}: LogCall): NonNullable<Message['toolCalls']>[number] {
  const text = typeof given === 'string' ? given : JSON.stringify(given ?? {})
  return typeof parse_error === 'string'
    ? { id, name, arguments: text, extra: { inspect: { parse_error } } }
    : { id, name, arguments: text }
}

const ATTACHMENT = 'attachment://'

/** Depth is bounded by the reader of the log. */
function withAttachments(value: unknown, attachments: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.startsWith(ATTACHMENT) ? (own(attachments, value.slice(ATTACHMENT.length)) ?? value) : value
  if (Array.isArray(value)) return value.map((one) => withAttachments(one, attachments))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withAttachments(one, attachments)]))
}

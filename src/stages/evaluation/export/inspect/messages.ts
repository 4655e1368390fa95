import type { Message, Part, ToolCall } from '../../../../nouns/index.js'
import type { Losses } from './lost.js'

/** A message in the form of Inspect's chat messages; what has no place there is counted. */
export function messageFor(message: Message, losses: Losses): Record<string, unknown> {
  const { id, role, reasoning, toolCalls = [], toolCallId, isError, call } = message
  countLosses(message, losses)
  const base = { id, role, content: contentFor(message, reasoning), ...sourceFor(message) }
  if (role === 'assistant') {
    const calls = toolCalls.map((one) => callFor(one, losses))
    return {
      ...base,
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(call === undefined ? {} : { model: call.model }),
    }
  }
  if (role !== 'tool') return base
  const error = isError === true ? { error: { type: 'unknown', message: textOf(message.content) } } : {}
  return { ...base, ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }), ...error }
}

/** Inspect tells a model's answer and a sample's input from what a scaffold put in. */
function sourceFor({ role, origin }: Message): { source?: string } {
  if (role === 'assistant' && origin === 'model') return { source: 'generate' }
  return role === 'user' && origin === 'human' ? { source: 'input' } : {}
}

function contentFor({ content }: Message, reasoning: Message['reasoning']): unknown {
  if (reasoning === undefined) return typeof content === 'string' ? content : content.map(partFor)
  const { text = '', kind, signature } = reasoning
  const said = {
    type: 'reasoning',
    reasoning: text,
    redacted: kind === 'hidden',
    ...(signature === undefined ? {} : { signature }),
  }
  return [said, ...(typeof content === 'string' ? [{ type: 'text', text: content }] : content.map(partFor))]
}

/** Texts are Inspect's own; any other part is carried whole as data. */
const partFor = (part: Part): object =>
  part.type === 'text' && typeof part['text'] === 'string'
    ? { type: 'text', text: part['text'] }
    : { type: 'data', data: part }

/** All text in a message's content. */
export const textOf = (content: Message['content']): string =>
  typeof content === 'string'
    ? content
    : content.flatMap((part) => (typeof part['text'] === 'string' ? [part['text']] : [])).join('\n')

/** Arguments are a record there: text that is none stands in the error, as Inspect keeps it. */
function callFor({ id, name, arguments: text }: ToolCall, losses: Losses): object {
  const given = recordIn(text)
  if (given !== null) {
    losses.add('the exact text of arguments', JSON.stringify(given) === text ? 0 : 1)
    return { id, function: name, arguments: given, type: 'function' }
  }
  return { id, function: name, arguments: {}, parse_error: `no JSON object: ${text}`, type: 'function' }
}

function recordIn(text: string): object | null {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function countLosses({ origin, time, round, call, weight, extra }: Message, losses: Losses): void {
  losses.add('messages.origin (simulated, rebuilt)', origin === 'simulated' || origin === 'rebuilt' ? 1 : 0)
  losses.add('messages.time', time === undefined ? 0 : 1)
  losses.add('messages.round', round === undefined ? 0 : 1)
  losses.add('messages.weight', weight === undefined ? 0 : 1)
  losses.add('messages.extra', extra === undefined ? 0 : 1)
  losses.add('messages.call (parameters, tools, usage, stop, duration)', call === undefined || isBare(call) ? 0 : 1)
}

const isBare = (call: NonNullable<Message['call']>): boolean =>
  Object.entries(call).every(
    ([key, value]) => key === 'model' || (key === 'params' && Object.keys(value as object).length === 0),
  )

import type { Message, ToolCall } from '../../../nouns/index.js'
import { field, isFields, listIn, omit, textIn, type Fields } from '../../json/index.js'
import type { WireMessage } from '../dialect.js'
import { EXACT, KIND } from '../marks.js'
import { reasoningKind } from '../reasoning-kind.js'

const ROLES: Readonly<Record<string, WireMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
}

/** Names of reasoning's text: DeepSeek and vLLM; OpenRouter and newer servers; Ollama. */
export const REASONING = ['reasoning_content', 'reasoning', 'thinking'] as const

/** One message of a body; what the noun has no place for stays in `extra.openai`. @param model whose reasoning it is, if it holds any */
export function messageFrom(raw: Fields, model: string): WireMessage {
  const given = textIn(raw, 'role') ?? ''
  const role = ROLES[given] ?? 'user'
  const id = textIn(raw, 'tool_call_id') ?? (given === 'function' ? textIn(raw, 'name') : undefined)
  const calls = role === 'assistant' ? callsIn(raw) : []
  const reasoning = role === 'assistant' ? reasoningIn(raw, model) : undefined
  const rest = {
    ...omit(raw, 'role', 'content', 'tool_call_id', KIND, 'limi_raw', ...(role === 'assistant' ? ASSISTANT : [])),
    ...(given === role ? {} : { role: given }),
    ...(raw['content'] === null || raw['content'] === undefined ? { content: null } : {}),
    ...(typeof raw['limi_raw'] === 'string' ? { limi_raw: raw['limi_raw'] } : {}),
  }
  return {
    role,
    content: contentFrom(raw['content']),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(calls.length === 0 ? {} : { toolCalls: calls }),
    ...(role === 'tool' && id !== undefined ? { toolCallId: id } : {}),
    ...(Object.keys(rest).length === 0 ? {} : { extra: { openai: rest } }),
  }
}

const ASSISTANT = ['tool_calls', 'function_call', ...REASONING]

function contentFrom(content: unknown): Message['content'] {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return content === null || content === undefined ? '' : JSON.stringify(content)
  return content.map((part: unknown) => {
    if (typeof part === 'string') return { type: 'text', text: part }
    return isFields(part) && typeof part['type'] === 'string'
      ? (part as { type: string })
      : { type: 'unreadable', value: part }
  })
}

function reasoningIn(raw: Fields, model: string): WireMessage['reasoning'] {
  const text = REASONING.map((name) => textIn(raw, name)).find((one) => one !== undefined && one !== '')
  if (text === undefined) return undefined
  const kind = textIn(raw, KIND)
  return { text, kind: kind === 'full' || kind === 'summary' || kind === 'hidden' ? kind : reasoningKind({ model }) }
}

/** The calls of a message, the older API's single one too. */
function callsIn(raw: Fields): ToolCall[] {
  const legacy = raw['function_call']
  const list = [...listIn(raw, 'tool_calls'), ...(isFields(legacy) ? [{ function: legacy }] : [])]
  return list.map((call, at) => callFrom(call, at))
}

/** A custom tool's call holds free text in place of JSON. */
function callFrom(call: unknown, at: number): ToolCall {
  const custom = field(call, 'custom')
  const made = custom ?? field(call, 'function')
  const given = field(made, custom === undefined ? 'arguments' : 'input')
  const exact = textIn(call, EXACT)
  const rest = isFields(call) ? omit(call, 'id', 'type', 'index', 'function', 'custom', EXACT) : {}
  return {
    id: textIn(call, 'id') ?? `call${at}`,
    name: textIn(made, 'name') ?? '',
    arguments: exact ?? (typeof given === 'string' ? given : given === undefined ? '' : JSON.stringify(given)),
    ...(custom === undefined ? {} : { form: 'text' as const }),
    ...(Object.keys(rest).length === 0 ? {} : { extra: { openai: rest } }),
  }
}

import type { Message, Origin, Role } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { openaiCall, restOfOpenaiCall, type OpenaiCall } from '../openai-call.js'
import { weightIn } from './weight.js'
import { reasoningIn } from './reasoning.js'
import type { RawMessage } from './record.js'

const ROLES: Readonly<Record<RawMessage['role'], Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
}

/** Who speaks under a role, as far as a list of messages can say. */
export const ORIGINS: Readonly<Record<Role, Origin>> = {
  system: 'agent',
  user: 'human',
  assistant: 'model',
  tool: 'tool',
}

/** One message; fields without a place in a trajectory go to `extra.openai`, from where the export takes them back. */
export function messageFrom(raw: RawMessage, index: number, oddities: Oddities, model?: string): Message {
  const { role, content, tool_calls, function_call, tool_call_id, ...more } = raw
  const id = `m${index}`
  const legacy = function_call === null || function_call === undefined ? [] : [function_call]
  if (legacy.length > 0) oddities.count('legacy-function-call')
  const calls = [...(tool_calls ?? []), ...legacy.map((one): OpenaiCall => ({ function: one }))]
  const { reasoning, rest: others } = reasoningIn(more, model, oddities)
  const { weight, rest } = weightIn(others)
  const openai = {
    ...rest,
    ...(ROLES[role] === (role as string) ? {} : { role }),
    ...(content === null || content === undefined ? { content: null } : {}),
    ...(calls.some(hasMore) ? { tool_calls: calls.map(restOfOpenaiCall) } : {}),
  }
  return {
    id,
    role: ROLES[role],
    origin: ORIGINS[ROLES[role]],
    content: contentFrom(content, oddities),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(calls.length === 0 && !Array.isArray(tool_calls)
      ? {}
      : { toolCalls: calls.map((call, at) => openaiCall(call, `${id}-call${at}`, oddities)) }),
    ...(typeof tool_call_id === 'string' ? { toolCallId: tool_call_id } : {}),
    ...(weight === undefined ? {} : { weight }),
    ...(Object.keys(openai).length === 0 ? {} : { extra: { openai } }),
  }
}

function contentFrom(content: RawMessage['content'], oddities: Oddities): Message['content'] {
  if (content === null || content === undefined) return ''
  if (typeof content === 'string') return content
  return content.map((part) => {
    if (typeof part !== 'string') return part
    oddities.count('bare-text-part')
    return { type: 'text', text: part }
  })
}

const hasMore = (call: OpenaiCall): boolean => Object.keys(restOfOpenaiCall(call)).length > 0

import type { Call, Message, Origin, ToolCall } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { openaiCall, type OpenaiCall } from '../openai-call.js'
import { reasoningKind } from '../../../../shared/wire/index.js'
import { field } from '../values.js'
import type { CallOutput, Chat, RawMessage, ResponseObject } from './record.js'
import { answerIn, callFrom } from './response.js'

/** What the file says of every call. */
export interface Setup {
  readonly model: string
  readonly params: Record<string, unknown>
}

/** One message of a file; what has no place goes to `extra.miniSweAgent`. */
export function messageFrom(raw: RawMessage, id: string, origin: Origin, setup: Setup, oddities: Oddities): Message {
  const time = timeOf(raw.extra?.timestamp ?? raw['timestamp'])
  if (isResponse(raw)) return { ...fromResponse(raw, id, setup, oddities), ...time }
  if (isOutput(raw)) return { ...fromOutput(raw, id), ...time }
  return { ...fromChat(raw, id, origin, setup, oddities), ...time }
}

export const isResponse = (raw: RawMessage): raw is ResponseObject => raw['object'] === 'response' && 'output' in raw

export const isOutput = (raw: RawMessage): raw is CallOutput => raw['type'] === 'function_call_output'

function fromChat(raw: Chat, id: string, origin: Origin, setup: Setup, oddities: Oddities): Message {
  const { role, content, tool_calls, tool_call_id, reasoning_content, extra, ...rest } = raw
  const kept = omit(extra ?? {}, 'response')
  const miniSweAgent = {
    ...rest,
    ...(role === 'exit' ? { role } : {}),
    ...(content === null || content === undefined ? { content: null } : {}),
    ...(Object.keys(kept).length === 0 ? {} : { extra: kept }),
    ...(role === 'assistant' || extra?.response === undefined ? {} : { response: extra.response }),
  }
  const text = plainText(content)
  if (text !== null && Array.isArray(content)) Object.assign(miniSweAgent, { part: content[0]?.type })
  return {
    id,
    role: role === 'exit' ? 'user' : role,
    origin,
    content: text ?? content ?? '',
    ...reasoningOf(reasoning_content ?? reasoningIn(extra?.response), callOf(extra?.response, setup).model),
    ...((tool_calls ?? []).length === 0 ? {} : { toolCalls: callsFrom(tool_calls ?? [], id, oddities) }),
    ...(typeof tool_call_id === 'string' ? { toolCallId: tool_call_id } : {}),
    ...(role === 'tool' ? errorOf(extra) : {}),
    ...(origin === 'model' ? { call: callOf(extra?.response, setup) } : {}),
    ...(Object.keys(miniSweAgent).length === 0 ? {} : { extra: { miniSweAgent } }),
  }
}

function fromResponse(raw: ResponseObject, id: string, setup: Setup, oddities: Oddities): Message {
  const { extra, ...response } = raw
  return {
    id,
    role: 'assistant',
    origin: 'model',
    ...answerIn(raw, id, oddities),
    call: callOf(response, setup),
    ...(extra === null || extra === undefined ? {} : { extra: { miniSweAgent: { extra } } }),
  }
}

function fromOutput({ call_id, output, ...rest }: CallOutput, id: string): Message {
  return {
    id,
    role: 'tool',
    origin: 'tool',
    content: output ?? '',
    toolCallId: call_id,
    ...errorOf(rest.extra),
    extra: { miniSweAgent: rest },
  }
}

export function callsFrom(calls: readonly OpenaiCall[], id: string, oddities: Oddities): ToolCall[] {
  return calls.map((call, at) => {
    const inside = omit(call.function, 'name', 'arguments')
    const miniSweAgent = {
      ...omit(call, 'id', 'function'),
      ...(Object.keys(inside).length === 0 ? {} : { function: inside }),
    }
    return {
      ...openaiCall(call, `${id}-call${at}`, oddities),
      ...(Object.keys(miniSweAgent).length === 0 ? {} : { extra: { miniSweAgent } }),
    }
  })
}

const callOf = (response: unknown, { model, params }: Setup): Call => callFrom(response, model, params)

/** Before 2.0 the reasoning stands in the provider's response alone. */
function reasoningIn(response: unknown): unknown {
  const choices = field(response, 'choices')
  return Array.isArray(choices) ? field(field(choices[0], 'message'), 'reasoning_content') : undefined
}

const reasoningOf = (text: unknown, model: string): Pick<Message, 'reasoning'> =>
  typeof text === 'string' && text !== '' ? { reasoning: { text, kind: reasoningKind({ model }) } } : {}

/** A command that could not be run at all; a command's own exit code is no error of the tool. */
const errorOf = (extra: Chat['extra']): Pick<Message, 'isError'> => {
  const exception = extra?.['exception_info']
  return typeof exception === 'string' && exception !== '' ? { isError: true } : {}
}

/** The text of a content that is one plain part, as messages to the Responses API are. */
function plainText(content: Chat['content']): string | null {
  if (!Array.isArray(content) || content.length !== 1) return null
  const [part] = content
  const isPlain = part !== undefined && Object.keys(part).length === 2 && typeof part['text'] === 'string'
  return isPlain ? (part['text'] as string) : null
}

/** Seconds since 1970; the number itself stays in `extra`. */
function timeOf(seconds: unknown): Pick<Message, 'time'> {
  if (typeof seconds !== 'number') return {}
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? {} : { time: date.toISOString() }
}

import { isDeepStrictEqual } from 'node:util'
import type { Call as ModelCall, Message, ToolCall } from '../../../../nouns/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { reasoningKind, stopReason } from '../../../../shared/wire/index.js'
import { isCount } from '../values.js'
import type { AssistantMessage, Call, Info, UserMessage } from './record.js'

export type Speaker = AssistantMessage | UserMessage

/** The calls of a message. The model's exact arguments stand in `raw_data`, where the run kept it. */
export function callsFrom(message: Speaker, messageId: string, oddities: Oddities): ToolCall[] {
  const raw = message.raw_data?.message?.tool_calls ?? []
  return (message.tool_calls ?? []).map((call, at) => {
    const sent = raw.at(at)
    const same = sent !== undefined && sent.id === call.id && sent.function.name === call.name
    const said = same ? sent.function.arguments : undefined
    const exact = typeof said === 'string'
    const parsed = exact && !isDeepStrictEqual(jsonOf(said), call.arguments) ? { arguments: call.arguments } : {}
    const more = { ...moreOf(call), ...parsed }
    if (!hasId(call)) oddities.count('missing-call-id')
    return {
      id: hasId(call) ? call.id : `${messageId}-call${at}`,
      name: call.name,
      arguments: exact ? said : argumentsText(call.arguments, oddities),
      ...(Object.keys(more).length === 0 ? {} : { extra: { tau2: more } }),
    }
  })
}

/** tau2 gives a call without id the empty one. */
const hasId = (call: Call): call is Call & { id: string } => typeof call.id === 'string' && call.id !== ''

function moreOf(call: Call): Record<string, unknown> {
  const { requestor } = call
  return {
    ...omit(call, 'id', 'name', 'arguments', 'requestor'),
    ...(requestor === 'assistant' || requestor === undefined ? {} : { requestor }),
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

interface Calling {
  readonly info: Info
  readonly params: Record<string, unknown>
  /** Digest of the tools that were offered. */
  readonly tools: string | undefined
}

/** How the agent's model made a message; what the provider returned is kept whole. */
export function callOf(message: AssistantMessage, { info: { agent_info }, params, tools }: Calling): ModelCall {
  const { usage, raw_data, generation_time_seconds: seconds } = message
  const finish = raw_data?.finish_reason
  const milliseconds = (seconds ?? NaN) * 1000
  const kept = { ...present('usage', usage), ...present('raw_data', raw_data), ...present('cost', message['cost']) }
  return {
    model: agent_info.llm ?? 'unknown',
    params,
    ...(tools === undefined ? {} : { tools }),
    ...usageOf(message),
    ...(typeof finish === 'string' ? { stop: stopReason(finish) } : {}),
    ...(Number.isFinite(milliseconds) ? { durationMs: milliseconds } : {}),
    ...(Object.keys(kept).length === 0 ? {} : { extra: { tau2: kept } }),
  }
}

export function reasoningOf(message: AssistantMessage, { agent_info }: Info): Pick<Message, 'reasoning'> {
  const own = message['reasoning']
  const text = typeof own === 'string' ? own : message.raw_data?.message?.reasoning_content
  if (typeof text !== 'string' || text === '') return {}
  return { reasoning: { text, kind: reasoningKind({ model: agent_info.llm }) } }
}

function usageOf({ usage }: AssistantMessage): Pick<ModelCall, 'usage'> {
  const { prompt_tokens: input, completion_tokens: output } = usage ?? {}
  return isCount(input) && isCount(output) ? { usage: { inputTokens: input, outputTokens: output } } : {}
}

const present = (key: string, value: unknown): Record<string, unknown> =>
  value === undefined || value === null ? {} : { [key]: value }

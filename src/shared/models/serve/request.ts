import { z } from 'zod'
import type { Message, ToolCall } from '../../../nouns/index.js'
import type { ModelRequest } from '../model.js'

const WireToolCall = z.object({
  id: z.string(),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
})

const WireContent = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))])

const WireMessage = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content: WireContent, name: z.string().optional() }),
  z.object({
    role: z.literal('assistant'),
    content: WireContent.nullish(),
    reasoning_content: z.string().nullish(),
    tool_calls: z.array(WireToolCall).nullish(),
    function_call: z.null().optional(),
    audio: z.null().optional(),
    name: z.string().optional(),
  }),
  z.object({ role: z.literal('tool'), content: WireContent, tool_call_id: z.string() }),
])
type WireMessage = z.infer<typeof WireMessage>

const WireTool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    strict: z.literal(false).nullish(),
  }),
})

/**
 * What is understood of OpenAI's chat completion request. A parameter that is not, or a value that a model here cannot
 * follow, is refused: nothing is ignored but `user` and `metadata`, which say nothing to the model.
 */
export const WireRequest = z.strictObject({
  model: z.string(),
  messages: z.array(WireMessage).min(1),
  tools: z.array(WireTool).nullish(),
  tool_choice: z.literal('auto').nullish(),
  parallel_tool_calls: z.literal(true).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  temperature: z.number().nonnegative().nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  n: z.literal(1).nullish(),
  top_p: z.literal(1).nullish(),
  presence_penalty: z.literal(0).nullish(),
  frequency_penalty: z.literal(0).nullish(),
  logprobs: z.literal(false).nullish(),
  response_format: z.strictObject({ type: z.literal('text') }).nullish(),
  store: z.literal(false).nullish(),
  user: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
})
export type WireRequest = z.infer<typeof WireRequest>

export function toModelRequest(wire: WireRequest): ModelRequest {
  const maxTokens = wire.max_completion_tokens ?? wire.max_tokens
  return {
    messages: wire.messages.map(toMessage),
    tools: (wire.tools ?? []).map(({ function: { name, description, parameters } }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    })),
    params: {
      ...(maxTokens == null ? {} : { maxTokens }),
      ...(wire.temperature == null ? {} : { temperature: wire.temperature }),
      ...(wire.seed == null ? {} : { seed: wire.seed }),
      ...(wire.stop == null ? {} : { stop: [wire.stop].flat() }),
    },
  }
}

/** What of a request the model does not see, one line each. */
export function unseenIn(wire: WireRequest): readonly string[] {
  return wire.messages.flatMap((message, index) =>
    'name' in message && message.name !== undefined ? [`messages.${index}.name is not shown to the model`] : [],
  )
}

/** Where a text stands that is no Unicode, as `messages.0.content`; null where there is none. A request may be nested however deep. */
export function brokenText(request: unknown): string | null {
  const left: { readonly value: unknown; readonly place: string }[] = [{ value: request, place: '' }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, place } = next
    if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) return place
    if (typeof value !== 'object' || value === null) continue
    const parts = Object.entries(value).map(([key, part]) => ({
      value: part as unknown,
      place: place === '' ? key : `${place}.${key}`,
    }))
    for (const part of parts.reverse()) left.push(part)
  }
  return null
}

function toMessage(wire: WireMessage, index: number): Message {
  const id = `m${index + 1}`
  switch (wire.role) {
    case 'system':
    case 'developer':
      return { id, role: 'system', origin: 'agent', content: wire.content }
    case 'user':
      return { id, role: 'user', origin: 'human', content: wire.content }
    case 'tool':
      return { id, role: 'tool', origin: 'tool', content: wire.content, toolCallId: wire.tool_call_id }
    case 'assistant':
      return toAssistant(id, wire)
  }
}

function toAssistant(id: string, wire: Extract<WireMessage, { role: 'assistant' }>): Message {
  const toolCalls = (wire.tool_calls ?? []).map((call): ToolCall => ({ id: call.id, ...call.function }))
  const reasoning = wire.reasoning_content ?? ''
  return {
    id,
    role: 'assistant',
    origin: 'model',
    content: wire.content ?? '',
    ...(reasoning === '' ? {} : { reasoning: { text: reasoning, kind: 'full' as const } }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
}

import { z } from 'zod'
import type { WireProblem } from '../dialect.js'
import { requestProblem } from './problems.js'

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
const StrictRequest = z.strictObject({
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

/** What is wrong with a chat completion request for a model as limi serves it; null where nothing is. */
export function strictProblem(body: unknown, served: string): WireProblem | null {
  const parsed = StrictRequest.safeParse(withoutNulls(body))
  return parsed.success ? null : requestProblem(parsed.error, served)
}

/** Some clients send `null` for each parameter that they leave alone. */
const withoutNulls = (body: unknown): unknown =>
  typeof body !== 'object' || body === null || Array.isArray(body)
    ? body
    : Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))

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

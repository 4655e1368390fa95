import { z } from 'zod'
import { OpenaiCall } from '../openai-call.js'

const RawPart = z.union([z.string(), z.looseObject({ type: z.string() })])

/** One message as OpenAI's chat completions write it, and as its imitators do. */
export const RawMessage = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(RawPart)]).nullish(),
  tool_calls: z.array(OpenaiCall).nullish(),
  function_call: OpenaiCall.shape.function.nullish(),
  tool_call_id: z.string().nullish(),
  reasoning_content: z.string().nullish(),
})
export type RawMessage = z.infer<typeof RawMessage>

export const RawTool = z.looseObject({ function: z.looseObject({ name: z.string() }).optional() })

/** `{messages, tools?}`: the form in which LIMI's samples were released. */
export const RawRecord = z.looseObject({
  messages: z.array(RawMessage).min(1),
  tools: z.union([z.array(RawTool), z.string()]).nullish(),
  model: z.string().nullish(),
})
export type RawRecord = z.infer<typeof RawRecord>

/** TRL's conversational prompt and completion (huggingface/trl, docs/source/dataset_formats.md). */
export const RawCompletion = z.looseObject({
  prompt: z.array(RawMessage).min(1),
  completion: z.array(RawMessage).min(1),
  messages: z.undefined({ error: 'a record has either messages, or prompt and completion' }).optional(),
})

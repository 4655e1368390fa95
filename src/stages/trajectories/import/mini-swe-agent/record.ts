import { z } from 'zod'
import { OpenaiCall } from '../openai-call.js'

const Content = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish()

/** What mini-swe-agent keeps beside a message: the provider's response, the commands it ran, what came of them. */
const Kept = z.looseObject({ response: z.unknown().optional(), timestamp: z.unknown().optional() }).nullish()

const Chat = z.looseObject({
  role: z.enum(['system', 'user', 'assistant', 'tool', 'exit']),
  content: Content,
  tool_calls: z.array(OpenaiCall).nullish(),
  tool_call_id: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  extra: Kept,
})
export type Chat = z.infer<typeof Chat>

const OutputItem = z.looseObject({ type: z.string() })
export type OutputItem = z.infer<typeof OutputItem>

/** A whole response of the Responses API, as one message. */
const ResponseObject = z.looseObject({
  object: z.literal('response'),
  output: z.array(OutputItem),
  extra: Kept,
})
export type ResponseObject = z.infer<typeof ResponseObject>

const CallOutput = z.looseObject({
  type: z.literal('function_call_output'),
  call_id: z.string(),
  output: Content,
  extra: Kept,
})
export type CallOutput = z.infer<typeof CallOutput>

export const RawMessage = z.union([ResponseObject, CallOutput, Chat])
export type RawMessage = z.infer<typeof RawMessage>

const Settings = z
  .looseObject({
    model_name: z.unknown().optional(),
    model_kwargs: z.unknown().optional(),
    action_regex: z.unknown().optional(),
  })
  .nullish()

/** A file: `DefaultAgent.serialize` of `src/minisweagent/agents/default.py`, `save_traj` of `run/utils/save.py` before 2.0. */
export const TrajFile = z.looseObject({
  messages: z.array(RawMessage).min(1),
  trajectory_format: z.string().nullish(),
  info: z
    .looseObject({
      exit_status: z.string().nullish(),
      mini_version: z.string().nullish(),
      config: z.looseObject({ agent: Settings, model: Settings }).nullish(),
    })
    .nullish(),
})
export type TrajFile = z.infer<typeof TrajFile>

import { z } from 'zod'
import { OpenaiCall } from '../openai-call.js'

const RawPart = z.looseObject({ type: z.string() })

/** A thinking block as Anthropic's API gives it. */
const Thinking = z.looseObject({
  thinking: z.string().nullish(),
  signature: z.string().nullish(),
  data: z.string().nullish(),
})
export type Thinking = z.infer<typeof Thinking>

/** `HistoryItem` of `sweagent/types.py`: what the model was shown and what it said. */
export const HistoryItem = z.looseObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(RawPart)]).nullish(),
  agent: z.string().nullish(),
  is_demo: z.boolean().nullish(),
  message_type: z.string().nullish(),
  tool_calls: z.array(OpenaiCall).nullish(),
  tool_call_ids: z.array(z.string()).nullish(),
  thinking_blocks: z.array(Thinking).nullish(),
})
export type HistoryItem = z.infer<typeof HistoryItem>

/** `TrajectoryStep` of `sweagent/types.py`: what the agent did with an answer, and what it saw. */
export const Step = z.looseObject({
  response: z.string().nullish(),
  observation: z.unknown().optional(),
  query: z.unknown().optional(),
})
export type Step = z.infer<typeof Step>

const Info = z.looseObject({
  exit_status: z.union([z.string(), z.number()]).nullish(),
  model_stats: z
    .looseObject({ tokens_sent: z.unknown().optional(), tokens_received: z.unknown().optional() })
    .nullish(),
})
export type Info = z.infer<typeof Info>

/** One run: `DefaultAgent.get_trajectory_data` of `sweagent/agent/agents.py`. Old demonstrations hold a history alone. */
export const Run = z.looseObject({
  history: z.array(HistoryItem).nullish(),
  trajectory: z.array(Step).nullish(),
  info: Info.nullish(),
})
export type Run = z.infer<typeof Run>

/** A file: a run, or the attempts of `RetryAgent` with a copy of the best one around them. */
export const TrajFile = Run.extend({ attempts: z.array(Run).nullish() })
export type TrajFile = z.infer<typeof TrajFile>

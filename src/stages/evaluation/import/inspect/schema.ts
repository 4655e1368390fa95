import { z } from 'zod'

/** A log of Inspect AI, version 2 of its schema (0.3.285), as far as it is read; the rest is let through. */
const Content = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))])

const ToolCall = z.looseObject({
  id: z.string(),
  function: z.string(),
  arguments: z.unknown().optional(),
  parse_error: z.string().nullish(),
})

export const LogMessage = z.looseObject({
  id: z.string().nullish(),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: Content,
  source: z.string().nullish(),
  tool_calls: z.array(ToolCall).nullish(),
  /** A list of ids in some messages of users. */
  tool_call_id: z.union([z.string(), z.array(z.string())]).nullish(),
  function: z.string().nullish(),
  error: z.looseObject({ type: z.string(), message: z.string() }).nullish(),
  model: z.string().nullish(),
})
export type LogMessage = z.infer<typeof LogMessage>

const Scalar = z.union([z.string(), z.number(), z.boolean()])

export const LogScore = z.looseObject({
  value: z.union([Scalar, z.array(Scalar), z.record(z.string(), Scalar.nullable())]),
  answer: z.string().nullish(),
  explanation: z.string().nullish(),
})
export type LogScore = z.infer<typeof LogScore>

const tokens = z.number().int().nonnegative().nullish()

const LogUsage = z.looseObject({
  input_tokens: tokens,
  output_tokens: tokens,
  input_tokens_cache_read: tokens,
  input_tokens_cache_write: tokens,
  reasoning_tokens: tokens,
  total_cost: z.number().nonnegative().nullish(),
})
export type LogUsage = z.infer<typeof LogUsage>

export const LogSample = z.looseObject({
  id: z.union([z.string(), z.number().int()]),
  epoch: z.number().int().positive(),
  input: z.union([z.string(), z.array(z.unknown())]),
  target: z.union([z.string(), z.array(z.string())]).default(''),
  choices: z.array(z.string()).nullish(),
  messages: z.array(LogMessage).default([]),
  scores: z.record(z.string(), LogScore).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  model_usage: z.record(z.string(), LogUsage).default({}),
  total_time: z.number().nonnegative().nullish(),
  started_at: z.string().nullish(),
  uuid: z.string().nullish(),
  error: z.looseObject({ message: z.string() }).nullish(),
  limit: z.looseObject({ type: z.string(), reason: z.string().nullish() }).nullish(),
  turn_count: z.number().int().nonnegative().nullish(),
  attachments: z.record(z.string(), z.string()).default({}),
})
export type LogSample = z.infer<typeof LogSample>

export const LogHeader = z.looseObject({
  version: z.number(),
  status: z.string().default('started'),
  eval: z.looseObject({
    task: z.string(),
    model: z.string(),
    created: z.string().nullish(),
    solver: z.string().nullish(),
    dataset: z.looseObject({ name: z.string().nullish() }).nullish(),
    config: z.record(z.string(), z.unknown()).default({}),
    packages: z.record(z.string(), z.string()).default({}),
    scorers: z.array(z.looseObject({ name: z.string() })).nullish(),
    sandbox: z.unknown().optional(),
  }),
  results: z
    .looseObject({
      total_samples: z.number().int().nonnegative().nullish(),
      headline: z.looseObject({ scorer: z.string().nullish(), score: z.string().nullish() }).nullish(),
    })
    .nullish(),
  error: z.looseObject({ message: z.string() }).nullish(),
})
export type LogHeader = z.infer<typeof LogHeader>

/** The version of the schema that is read; the first had other names. */
export const LOG_VERSION = 2

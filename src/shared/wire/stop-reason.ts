import type { StopReason } from '../../nouns/index.js'

/** Why a model stopped, as the APIs name it; no name means one thing in one API and another in the next. */
const REASONS: ReadonlyMap<string, StopReason> = new Map([
  // Chat completions: `finish_reason` (openai/openai-openapi, `CreateChatCompletionResponse`).
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
  // Responses: `status`, `incomplete_details.reason` (`Response` there).
  ['completed', 'stop'],
  ['max_output_tokens', 'length'],
  // Messages: `stop_reason` (anthropics/anthropic-sdk-typescript, src/resources/messages/messages.ts).
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'content-filter'],
  // Vercel's AI SDK: `LanguageModelV2FinishReason` (npm `@ai-sdk/provider`).
  ['tool-calls', 'tool-calls'],
  ['content-filter', 'content-filter'],
  // pi: `StopReason` (badlogic/pi-mono, packages/ai/src/types.ts).
  ['toolUse', 'tool-calls'],
])

/** An unknown one is `other`. */
export const stopReason = (given: string): StopReason => REASONS.get(given) ?? 'other'

import type { Call, ToolCall, Usage } from '../../../../nouns/index.js'
import { argumentsText } from '../arguments.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { fieldsOf, isCount, type Fields } from '../values.js'
import type { AtifCall, AtifStep } from './document.js'
import { changed, present, withoutLimi } from './limi.js'

/** What a step inherits from the document it stands in. */
export interface StepDefaults {
  readonly model?: string
  /** Digest of the document's tool definitions. */
  readonly tools?: string
}

/** The model call of an agent's step. `metrics` are Harbor's src/harbor/models/trajectories/metrics.py. */
export function callFrom(step: AtifStep, defaults: StepDefaults): Call {
  const { model_name, reasoning_effort, metrics } = step
  const { usage, rest } = usageFrom(metrics)
  const isEffort = typeof reasoning_effort === 'string' || typeof reasoning_effort === 'number'
  return {
    model: typeof model_name === 'string' ? model_name : (defaults.model ?? 'unknown'),
    params: isEffort ? { reasoning_effort } : {},
    ...(defaults.tools === undefined ? {} : { tools: defaults.tools }),
    ...(usage === undefined ? {} : { usage }),
    ...(rest === undefined ? {} : { extra: { atif: { metrics: rest } } }),
  }
}

/** The numbers that `Usage` has places for, and all else of the metrics: cost, token ids, log probabilities. */
function usageFrom(metrics: unknown): { readonly usage?: Usage; readonly rest?: unknown } {
  const fields = fieldsOf(metrics)
  const { prompt_tokens: input, completion_tokens: output, cached_tokens: cached } = fields
  if (!isCount(input) || !isCount(output)) return { rest: metrics ?? undefined }
  const { reasoning_tokens: reasoning, ...extra } = fieldsOf(fields['extra'])
  const rest: Record<string, unknown> = omit(fields, 'prompt_tokens', 'completion_tokens')
  if (isCount(cached)) delete rest['cached_tokens']
  if (isCount(reasoning)) {
    delete rest['extra']
    if (Object.keys(extra).length > 0) rest['extra'] = extra
  }
  return {
    usage: {
      inputTokens: input,
      outputTokens: output,
      ...(isCount(cached) ? { cachedInputTokens: cached } : {}),
      ...(isCount(reasoning) ? { reasoningTokens: reasoning } : {}),
    },
    rest: present(rest),
  }
}

export function toolCallFrom(raw: AtifCall, fallback: string, oddities: Oddities): ToolCall {
  const { tool_call_id: id, function_name: name, arguments: given, ...rest } = raw
  const { limi, extra } = withoutLimi(rest['extra'] as Fields | undefined)
  const hasText = typeof fieldsOf(fieldsOf(limi)['set'])['arguments'] === 'string'
  if (typeof id !== 'string') oddities.count('missing-call-id')
  const atif = present({ ...rest, extra })
  const call = {
    id: typeof id === 'string' ? id : fallback,
    name,
    arguments: argumentsText(given, hasText ? new Oddities() : oddities),
    ...(atif === undefined ? {} : { extra: { atif } }),
  }
  return changed(call, limi) as ToolCall
}

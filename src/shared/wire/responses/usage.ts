import type { Usage } from '../../../nouns/index.js'
import { field, isCount } from '../../json/index.js'

/** Tokens as Responses count them; null where the figures are missing or no counts. */
export function usageFrom(usage: unknown): Usage | null {
  const [inputTokens, outputTokens] = [field(usage, 'input_tokens'), field(usage, 'output_tokens')]
  if (!isCount(inputTokens) || !isCount(outputTokens)) return null
  const cached = field(field(usage, 'input_tokens_details'), 'cached_tokens')
  const reasoned = field(field(usage, 'output_tokens_details'), 'reasoning_tokens')
  return {
    inputTokens,
    outputTokens,
    ...(isCount(cached) && cached > 0 ? { cachedInputTokens: cached } : {}),
    ...(isCount(reasoned) && reasoned > 0 ? { reasoningTokens: reasoned } : {}),
  }
}

export const usageOn = ({ inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0 }: Usage) => ({
  input_tokens: inputTokens,
  input_tokens_details: { cached_tokens: cachedInputTokens },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: reasoningTokens },
  total_tokens: inputTokens + outputTokens,
})

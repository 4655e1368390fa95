import type { Usage } from '../../../nouns/index.js'
import { field, isCount } from '../../json/index.js'

/** Tokens as chat completions count them; null where the figures are missing or no counts. */
export function usageFrom(usage: unknown): Usage | null {
  const [inputTokens, outputTokens] = [field(usage, 'prompt_tokens'), field(usage, 'completion_tokens')]
  if (!isCount(inputTokens) || !isCount(outputTokens)) return null
  const cached = field(field(usage, 'prompt_tokens_details'), 'cached_tokens')
  const reasoned = field(field(usage, 'completion_tokens_details'), 'reasoning_tokens')
  return {
    inputTokens,
    outputTokens,
    ...(isCount(cached) ? { cachedInputTokens: cached } : {}),
    ...(isCount(reasoned) ? { reasoningTokens: reasoned } : {}),
  }
}

export const usageOn = ({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: Usage) => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  ...(cachedInputTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedInputTokens } }),
  ...(reasoningTokens === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
})

import type { Usage } from '../../../nouns/index.js'
import { field, fieldsOf, isCount } from '../../json/index.js'

/**
 * Anthropic counts what was read from a cache, and what was written to one, beside `input_tokens`; the noun counts all of it as input.
 * Null where the figures are missing or no counts.
 */
export function usageFrom(usage: unknown): Usage | null {
  const { input_tokens: fresh, output_tokens: outputTokens, ...cache } = fieldsOf(usage)
  if (!isCount(fresh) || !isCount(outputTokens)) return null
  const { cache_creation_input_tokens: written, cache_read_input_tokens: read } = cache
  const inputTokens = [written, read].reduce<number>((sum, one) => sum + (isCount(one) ? one : 0), fresh)
  if (!Number.isSafeInteger(inputTokens)) return null
  const thought = field(cache['output_tokens_details'], 'thinking_tokens')
  return {
    inputTokens,
    outputTokens,
    ...(isCount(read) ? { cachedInputTokens: read } : {}),
    ...(isCount(thought) ? { reasoningTokens: thought } : {}),
  }
}

/** The noun's counts in Anthropic's terms: what came from the cache stands beside the rest. */
export const usageOn = ({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: Usage): object => ({
  input_tokens: inputTokens - (cachedInputTokens ?? 0),
  ...(cachedInputTokens === undefined ? {} : { cache_read_input_tokens: cachedInputTokens }),
  output_tokens: outputTokens,
  ...(reasoningTokens === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoningTokens } }),
})

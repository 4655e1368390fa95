import type { Usage } from '../../../../nouns/index.js'
import { fieldsOf, isCount } from '../values.js'

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
  return { inputTokens, outputTokens, ...(isCount(read) ? { cachedInputTokens: read } : {}) }
}

import type { Usage } from '../../../nouns/index.js'
import { fieldsOf, isCount } from '../../json/index.js'

interface Counts {
  readonly input?: unknown
  readonly output?: unknown
  readonly cached?: unknown
  readonly thoughts?: unknown
  readonly tool?: unknown
  readonly total?: unknown
}

/**
 * Tokens as the Gemini API counts them. Its candidates leave thoughts out, while an adapter of another API counts them in: the total
 * tells which. Counts that are no counts give no usage.
 */
export function usageFrom(counts: Counts): { usage?: Usage } {
  const { input, output } = counts
  if (!isCount(input) || !isCount(output)) return {}
  const thoughts = isCount(counts.thoughts) ? counts.thoughts : 0
  const tool = isCount(counts.tool) ? counts.tool : 0
  const apart = isCount(counts.total) && counts.total >= input + output + thoughts
  return {
    usage: {
      inputTokens: input + tool,
      outputTokens: output + (apart ? thoughts : 0),
      ...(isCount(counts.cached) ? { cachedInputTokens: counts.cached } : {}),
      ...(isCount(counts.thoughts) ? { reasoningTokens: thoughts } : {}),
    },
  }
}

/** What a response counts; while a model thinks, it has no candidates yet. */
export function countedIn(metadata: unknown): { usage?: Usage } {
  const { promptTokenCount: input, candidatesTokenCount: output = 0, ...more } = fieldsOf(metadata)
  const { cachedContentTokenCount: cached, thoughtsTokenCount: thoughts, toolUsePromptTokenCount: tool } = more
  return usageFrom({ input, output, cached, thoughts, tool, total: more['totalTokenCount'] })
}

/** The noun's counts in Gemini's terms: thoughts stand beside the candidates. */
export const usageOn = ({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: Usage): object => ({
  promptTokenCount: inputTokens,
  candidatesTokenCount: outputTokens - (reasoningTokens ?? 0),
  totalTokenCount: inputTokens + outputTokens,
  ...(cachedInputTokens === undefined ? {} : { cachedContentTokenCount: cachedInputTokens }),
  ...(reasoningTokens === undefined ? {} : { thoughtsTokenCount: reasoningTokens }),
})

import type { Price, Usage } from '../../nouns/index.js'

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 }

/** What tokens cost, in the currency of the price (which is per million tokens). Reasoning tokens are output; cached input counts in full. */
export const costOf = ({ inputTokens, outputTokens }: Usage, price: Price): number =>
  (inputTokens * price.input + outputTokens * price.output) / 1_000_000

/** Token counts added up; an optional count is there where either has it. */
export function addUsage(a: Usage, b: Usage | undefined): Usage {
  if (b === undefined) return a
  const both = (x: number | undefined, y: number | undefined) =>
    x === undefined && y === undefined ? undefined : (x ?? 0) + (y ?? 0)
  const cachedInputTokens = both(a.cachedInputTokens, b.cachedInputTokens)
  const reasoningTokens = both(a.reasoningTokens, b.reasoningTokens)
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
  }
}

import type { Price, Trial, TrialFile, Usage } from '../../../nouns/index.js'

/** What tokens cost, in the currency of the price (which is per million tokens). Reasoning tokens are output; cached input counts in full. */
export const costOf = ({ inputTokens, outputTokens }: Usage, price: Price): number =>
  (inputTokens * price.input + outputTokens * price.output) / 1_000_000

/** What these trials cost in all, as far as they have a cost. */
export const costOfTrials = (files: readonly TrialFile[]): number =>
  costOfRows(files.flatMap(({ subtasks }) => subtasks))

export const costOfRows = (rows: readonly Trial[]): number => rows.reduce((sum, { cost = 0 }) => sum + cost, 0)

export const overBudget = ({ maxCost }: { readonly maxCost?: number }, cost: number): boolean =>
  maxCost !== undefined && cost >= maxCost

interface Budget {
  readonly maxCost?: number
  readonly concurrency: number
}

/**
 * How many trials may begin now: all without a budget; else as many at once as the rest of it pays for, by what a trial cost so far, and one
 * where none has been made yet. So a budget is passed by the last trials' own spread, not by all that happen to run side by side.
 */
export function affordable({ maxCost, concurrency }: Budget, cost: number, finished: number): number {
  if (maxCost === undefined) return Infinity
  if (finished === 0) return 1
  const mean = cost / finished
  return Math.max(1, Math.min(concurrency, Math.floor((maxCost - cost) / mean)))
}

export const overspentWords = ({ maxCost = 0 }: { readonly maxCost?: number }, cost: number): string =>
  `all trials are made; they cost ${cost.toFixed(4)}, and the budget was ${maxCost}`

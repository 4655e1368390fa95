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

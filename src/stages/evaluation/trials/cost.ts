import { done, failed, type Result, type Trial, type TrialFile } from '../../../nouns/index.js'
import { budgetSpent } from '../../../shared/scoring/index.js'

/** What the agent cost in these rows, as far as they have a cost. */
export const costOfRows = (rows: readonly Trial[]): number => rows.reduce((sum, { cost = 0 }) => sum + cost, 0)

/** What agent and judges cost in these trials. */
export const spentOn = (files: readonly TrialFile[]): number => {
  const rows = files.flatMap(({ subtasks }) => subtasks)
  const judged = rows.flatMap(({ judging = [] }) => judging)
  return costOfRows(rows) + judged.reduce((sum, { cost = 0 }) => sum + cost, 0)
}

/** What may be spent, and what has been: judges as they are asked, the agent when its trial is over. */
export interface Purse {
  spend(cost: number): void
  spent(): number
  isEmpty(): boolean
  /** `judge.budget` where nothing more may be spent. */
  mayAsk(): Result<void>
}

export function purseOf({ maxCost }: Pick<Budget, 'maxCost'>, before: number): Purse {
  let spent = before
  const isEmpty = (): boolean => maxCost !== undefined && spent >= maxCost
  return {
    spend: (cost) => void (spent += cost),
    spent: () => spent,
    isEmpty,
    mayAsk: () => (isEmpty() ? failed(budgetSpent(`the budget of ${maxCost ?? 0} is spent`)) : done(undefined)),
  }
}

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

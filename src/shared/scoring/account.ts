import type { Failure, Result, Usage } from '../../nouns/index.js'

/** One call of a model that judges, answered or not. */
export interface JudgeCall {
  /** The model's name. */
  readonly judge: string
  readonly usage: Usage
  /** In the currency of the model's price; absent where it has none. */
  readonly cost?: number
}

/** Kept by whoever pays for judges. */
export interface JudgingAccount {
  /** Asked before each call; the failure, {@link budgetSpent}, where no more may be spent. */
  mayAsk(): Result<void>
  /** Told of each call, whatever became of it. */
  took(call: JudgeCall): void
}

const SPENT = 'judge.budget'

/** No judge is asked any more; what it should have judged counts for nothing. */
export const budgetSpent = (message: string): Failure => ({
  kind: 'underway',
  code: SPENT,
  message,
  remedy: 'run the same command again with a larger --max-cost',
})

export const isBudgetSpent = ({ code }: Failure): boolean => code === SPENT

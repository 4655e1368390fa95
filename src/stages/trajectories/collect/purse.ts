import { done, failed, type Failure, type Result, type Usage } from '../../../nouns/index.js'
import { budgetSpent } from '../../../shared/scoring/index.js'

/** What a campaign may take. */
export interface Budget {
  /** Of agents, judges and simulated users together, in the currency of their prices, what was kept included. */
  readonly maxCost?: number | undefined
  /** Read and written, the same. */
  readonly maxTokens?: number | undefined
  /** Of this run, by the clock. */
  readonly maxMinutes?: number | undefined
}

export interface Spent {
  readonly cost: number
  readonly tokens: number
}

/** What has been spent, and whether more may be. */
export interface Purse {
  spend(spent: Spent): void
  spent(): Spent
  /** Aborted when the budget is spent. */
  readonly signal: AbortSignal
  /** `judge.budget` where nothing more may be spent. */
  mayAsk(): Result<void>
  /** In words what is spent; null while something is left. */
  emptied(): string | null
  /** Frees the clock. */
  close(): void
}

const MILLISECONDS = 60_000
/** setTimeout takes 31 bits; a longer limit is no limit in practice. */
const LONGEST = 2 ** 31 - 1

export const tokensOf = ({ inputTokens, outputTokens }: Usage): number => inputTokens + outputTokens

export function openPurse(budget: Budget, before: Spent): Purse {
  const { maxCost = Infinity, maxTokens = Infinity, maxMinutes = Infinity } = budget
  const stop = new AbortController()
  let { cost, tokens } = before
  let isLate = false
  const emptied = (): string | null => {
    if (cost >= maxCost) return `the budget of ${maxCost} is spent (${cost.toFixed(4)})`
    if (tokens >= maxTokens) return `the budget of ${maxTokens} tokens is spent (${tokens})`
    return isLate ? `${maxMinutes} minutes are over` : null
  }
  const look = (): void => {
    if (emptied() !== null) stop.abort()
  }
  const late = (): void => {
    isLate = true
    look()
  }
  const clock = maxMinutes === Infinity ? undefined : setTimeout(late, Math.min(LONGEST, maxMinutes * MILLISECONDS))
  look()
  return {
    signal: stop.signal,
    emptied,
    spent: () => ({ cost, tokens }),
    spend(spent) {
      cost += spent.cost
      tokens += spent.tokens
      look()
    },
    mayAsk() {
      const why = emptied()
      return why === null ? done(undefined) : failed(budgetSpent(why))
    },
    close: () => clearTimeout(clock),
  }
}

/** Names the options that would let the campaign go on. */
export const budgetFailure = (why: string, counts: string): Failure => ({
  kind: 'underway',
  code: 'collect.budget',
  message: `${why}: ${counts}`,
  remedy:
    'run the same command again with more of it (--max-cost, --max-tokens, --max-minutes): finished rollouts are kept',
})

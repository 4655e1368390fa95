import { setTimeout as wait } from 'node:timers/promises'
import { FailureError, type Failure } from '../../nouns/index.js'
import { isBudgetSpent, type Scorer } from '../scoring/index.js'

/** How faults are met: written down, and tried again after each delay while there is one. */
export interface Patience {
  /** Milliseconds before each further attempt. */
  readonly backoffMs: readonly number[]
  /** `delay` is null where it is not tried again. */
  readonly onFault: (failure: Failure, attempt: number, delay: number | null) => Promise<void>
  readonly signal?: AbortSignal
}

/** The delay before the next attempt; null where there is none, or wrong input would fail again. */
export const delayAfter = (attempt: number, failure: Failure, backoffMs: readonly number[]): number | null =>
  failure.kind === 'input' ? null : (backoffMs[attempt - 1] ?? null)

/** A scorer that is asked again when it fails: what the agent did stands, and need not be done again for a judge's fault. A budget that is spent is none. */
export function patientScorer(scorer: Scorer, { backoffMs, onFault, signal }: Patience): Scorer {
  return {
    async score(input) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await scorer.score(input)
        } catch (error) {
          if (!(error instanceof FailureError) || isNoFault(error.failure)) throw error
          const delay = delayAfter(attempt, error.failure, backoffMs)
          await onFault(error.failure, attempt, delay)
          if (delay === null || signal?.aborted === true) throw error
          await wait(delay, undefined, { signal }).catch(() => undefined)
        }
      }
    },
  }
}

const isNoFault = (failure: Failure): boolean => failure.kind === 'interrupted' || isBudgetSpent(failure)

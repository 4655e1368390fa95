import type { Trial } from '../../../nouns/index.js'
import { grouped, isMeasured, isSolved } from '../metrics/index.js'
import type { FinishedEvaluation } from './comparable.js'

/** What an evaluation that is there says of the next ones. */
export interface PlanBasis {
  readonly id: string
  readonly tasks: number
  /** SR. */
  readonly baseline: number
  /** How often two trials of a task differ, estimated without bias from tasks tried twice or more; absent where none was. */
  readonly discordant?: number
  /** Of a whole trial, all its subtasks; absent where they were not counted. */
  readonly tokensPerTrial?: number
  /** Agent and judges together, as far as they have a price. */
  readonly costPerTrial?: number
}

/** Null where no trial was measured. */
export function basisOf({ evaluation, trials }: FinishedEvaluation): PlanBasis | null {
  const rows = trials.filter(isMeasured)
  if (rows.length === 0) return null
  const whole = grouped(trials, ({ task, trial }) => JSON.stringify([task, trial])).size
  const tokens = sumOf(trials, ({ usage }) => usage.inputTokens + usage.outputTokens)
  const cost = sumOf(trials, costOf)
  const differs = differing(rows)
  return {
    id: evaluation.id,
    tasks: new Set(trials.map(({ task }) => task)).size,
    baseline: rows.filter(isSolved).length / rows.length,
    ...(differs === null ? {} : { discordant: differs }),
    ...(tokens > 0 ? { tokensPerTrial: tokens / whole } : {}),
    ...(cost > 0 ? { costPerTrial: cost / whole } : {}),
  }
}

/** The mean over subtasks tried k ≥ 2 times, s of them with success, of 2·s·(k − s) / (k·(k − 1)): how many of their pairs of trials differ. */
function differing(rows: readonly Trial[]): number | null {
  const shares = [...grouped(rows, ({ task, subtask }) => JSON.stringify([task, subtask])).values()]
    .filter(({ length }) => length > 1)
    .map((same) => {
      const [k, s] = [same.length, same.filter(isSolved).length]
      return (2 * s * (k - s)) / (k * (k - 1))
    })
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length
}

const costOf = ({ cost = 0, judging = [] }: Trial): number => judging.reduce((sum, one) => sum + (one.cost ?? 0), cost)

const sumOf = (rows: readonly Trial[], of: (row: Trial) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0)

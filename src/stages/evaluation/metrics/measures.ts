import type { Score, Trial } from '../../../nouns/index.js'
import type { Cluster, Interval } from '../statistics/intervals.js'
import { unusedRounds } from './trials.js'

/** A metric as a ratio over rows, Σ sum / Σ count; a row that it says nothing of gives null. */
export interface Measure {
  readonly name: string
  /** Where its values can lie; absent for quantities without an upper end. */
  readonly bounds?: Interval
  readonly of: (row: Trial) => Cluster | null
}

const SHARE: Interval = { low: 0, high: 1 }

/** AgencyBench v2 passes a task from this share of its score on. */
export const THRESHOLD = 0.6

/** The metrics that are ratios over rows, for up to R rounds; docs/metrics.md has their formulas and sources. */
export const measures = (rounds: number): readonly Measure[] => [
  { name: 'FTFC', bounds: SHARE, of: (row) => one(firstTurnShare(row)) },
  { name: 'RC', bounds: SHARE, of: (row) => remainingChances(row, rounds) },
  { name: 'score', bounds: { low: 0, high: 10 }, of: (row) => one(10 * lastShare(row)) },
  ...Array.from({ length: rounds }, (_, at) => withinRounds(at + 1)),
  { name: 'attempts', bounds: { low: 1, high: rounds }, of: (row) => known(row.rounds.length || undefined) },
  {
    name: 'attemptEfficiency',
    bounds: { low: 0, high: 100 },
    of: (row) => ({ sum: 100 * lastShare(row), count: row.rounds.length }),
  },
  { name: 'tokenEfficiency', of: tokenEfficiency },
  { name: 'tokens', of: (row) => known(tokensOf(row)) },
  { name: 'seconds', of: (row) => one(row.seconds) },
  { name: 'turns', of: (row) => known(row.turns) },
  { name: 'calls', of: (row) => known(row.calls) },
  { name: 'cost', of: (row) => known(row.cost) },
]

const one = (sum: number): Cluster => ({ sum, count: 1 })
const known = (value: number | undefined): Cluster | null => (value === undefined ? null : one(value))

const withinRounds = (k: number): Measure => ({
  name: `within${k}@${THRESHOLD * 100}`,
  bounds: SHARE,
  of: ({ rounds }) => one(rounds.slice(0, k).some((round) => shareOf(round) >= THRESHOLD) ? 1 : 0),
})

function remainingChances(row: Trial, rounds: number): Cluster | null {
  const unused = unusedRounds(row, rounds)
  return unused === null ? null : one(unused / Math.max(1, rounds - 1))
}

function firstTurnShare({ rounds: [first] }: Trial): number {
  return first === undefined ? 0 : shareMet(first)
}

/** The weights of the requirements met by those of all; the score's share where it names no requirements. */
function shareMet(score: Score): number {
  const weight = score.requirements.reduce((sum, requirement) => sum + requirement.weight, 0)
  if (weight === 0) return shareOf(score)
  const met = score.requirements.filter((requirement) => requirement.passed)
  return met.reduce((sum, requirement) => sum + requirement.weight, 0) / weight
}

const shareOf = ({ score, max }: Score): number => (max === 0 ? 0 : score / max)

function lastShare({ rounds }: Trial): number {
  const last = rounds.at(-1)
  return last === undefined ? 0 : shareOf(last)
}

/** Undefined where nothing was counted: a scripted model, say. */
function tokensOf({ usage }: Trial): number | undefined {
  const tokens = usage.inputTokens + usage.outputTokens
  return tokens === 0 ? undefined : tokens
}

function tokenEfficiency(row: Trial): Cluster | null {
  const tokens = tokensOf(row)
  return tokens === undefined ? null : { sum: 100 * lastShare(row), count: tokens / 1e6 }
}

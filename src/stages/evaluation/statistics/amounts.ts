import type { Amount, Verdict } from '../../../nouns/index.js'
import { measures, type Measure } from '../metrics/index.js'
import { pairTasks, type RowPair } from './pairing.js'
import type { Pair } from './pairs.js'
import { studentQuantile } from './student.js'

/** What trials took: shown as differences, never judged. */
const AMOUNTS = ['tokens', 'cost', 'seconds', 'turns', 'calls']

/** What is not compared, and why. */
export type LeftOutMetric = NonNullable<Verdict['leftOut']>[number]

export const BEYOND_NUMBERS = 'its sums are beyond what a number holds'
export const NO_PAIR = 'no task has a figure of it on both sides'

interface Amounts {
  readonly amounts: Record<string, Amount>
  /** Amounts that only one side knows, or with sums beyond all numbers; what neither knows is not named. */
  readonly leftOut: readonly LeftOutMetric[]
}

/**
 * What a row took on average, by task, under both arms and their difference with a 95 % interval: mean ± t₀.₉₇₅ · s / √n over tasks
 * (none with one task). Amounts that no row on both sides knows are absent.
 */
export function amountsOf(rows: readonly RowPair[], rounds: number): Amounts {
  const amounts: Record<string, Amount> = {}
  const leftOut: LeftOutMetric[] = []
  for (const { name: metric, of } of measures(rounds).filter(({ name }) => AMOUNTS.includes(name))) {
    const pairs = pairTasks(rows, (row) => of(row)?.sum ?? null)
    const amount = amountOf(pairs)
    if (pairs.length === 0) leftOut.push(...knownOnce(rows, of).map((why) => ({ metric, why })))
    else if (Number.isFinite(amount.a) && Number.isFinite(amount.b)) amounts[metric] = amount
    else leftOut.push({ metric, why: BEYOND_NUMBERS })
  }
  return { amounts, leftOut }
}

function amountOf(pairs: readonly Pair[]): Amount {
  const [a, b] = [meanOf(pairs.map((pair) => pair.a)), meanOf(pairs.map((pair) => pair.b))]
  return { a, b, difference: b - a, ...intervalOf(pairs.map((pair) => pair.b - pair.a)), n: pairs.length }
}

function knownOnce(rows: readonly RowPair[], of: Measure['of']): string[] {
  const [first, second] = [rows.some(({ a }) => of(a) !== null), rows.some(({ b }) => of(b) !== null)]
  if (first && second) return [NO_PAIR]
  return first || second ? [`only known of the ${first ? 'first' : 'second'}`] : []
}

function intervalOf(differences: readonly number[]): Pick<Amount, 'low' | 'high'> {
  const n = differences.length
  if (n < 2) return { low: null, high: null }
  const mean = meanOf(differences)
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (n - 1)
  const half = studentQuantile(0.975, n - 1) * Math.sqrt(variance / n)
  return Number.isFinite(half) ? { low: mean - half, high: mean + half } : { low: null, high: null }
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

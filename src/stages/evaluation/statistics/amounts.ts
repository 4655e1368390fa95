import type { Amount } from '../../../nouns/index.js'
import { measures } from '../metrics/index.js'
import { pairTasks, type RowPair } from './pairing.js'
import { studentQuantile } from './student.js'

/** What trials took: shown as differences, never judged. */
const AMOUNTS = ['tokens', 'cost', 'seconds', 'turns', 'calls']

/**
 * What a row took on average, by task, under both arms and their difference with a 95 % interval: mean ± t₀.₉₇₅ · s / √n over tasks
 * (none with one task). Amounts that no row on both sides knows are absent.
 */
export function amountsOf(rows: readonly RowPair[], rounds: number): Record<string, Amount> {
  const entries = measures(rounds)
    .filter(({ name }) => AMOUNTS.includes(name))
    .map(({ name, of }) => [name, pairTasks(rows, (row) => of(row)?.sum ?? null)] as const)
    .filter(([, pairs]) => pairs.length > 0)
    .map(([name, pairs]) => {
      const [a, b] = [meanOf(pairs.map((pair) => pair.a)), meanOf(pairs.map((pair) => pair.b))]
      const differences = pairs.map((pair) => pair.b - pair.a)
      return [name, { a, b, difference: b - a, ...intervalOf(differences), n: pairs.length }] as const
    })
    .filter(([, { a, b }]) => Number.isFinite(a) && Number.isFinite(b))
  return Object.fromEntries(entries)
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

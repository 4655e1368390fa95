import { randomFrom } from '../../../shared/random/index.js'
import { quantile, ratioOf, unanimousInterval, type Cluster, type Interval } from '../statistics/intervals.js'

/** One metric's clusters, a task each, in the same order in every column; a task without a value counts 0. */
export interface Column {
  readonly name: string
  readonly bounds?: Interval
  readonly clusters: readonly Cluster[]
  /** What the value is a mean over: rows, successes, subtasks. */
  readonly n: number
}

const RESAMPLES = 10_000

/**
 * 95 % percentile bootstrap intervals of all metrics together (Efron & Tibshirani 1993, ch. 13): tasks are drawn with replacement once a
 * resample, and every metric is taken of the same draw, as is the mean of those named in `averaged` (one without a value counts 0 there).
 * Where all tasks of a metric agree, its interval is {@link unanimousInterval} within its bounds.
 */
export function jointIntervals(
  columns: readonly Column[],
  averaged: readonly string[],
  seed: string,
): { readonly intervals: ReadonlyMap<string, Interval>; readonly mean: Interval } {
  const drawn = drawAll(columns, seed)
  const mean = new Float64Array(RESAMPLES)
  for (const [at, { name }] of columns.entries()) {
    if (averaged.includes(name))
      drawn[at]?.forEach((value, r) => (mean[r] = (mean[r] ?? 0) + (value || 0) / averaged.length))
  }
  const intervals = columns.map(({ name, ...column }, at) => [name, intervalOf(column, drawn[at])] as const)
  return { intervals: new Map(intervals), mean: percentiles(mean) }
}

function drawAll(columns: readonly Column[], seed: string): Float64Array[] {
  const random = randomFrom(seed)
  const tasks = columns[0]?.clusters.length ?? 0
  const sums = columns.map(({ clusters }) => Float64Array.from(clusters, ({ sum }) => sum))
  const counts = columns.map(({ clusters }) => Float64Array.from(clusters, ({ count }) => count))
  const values = columns.map(() => new Float64Array(RESAMPLES))
  const draw = new Int32Array(tasks)
  for (let r = 0; r < RESAMPLES; r += 1) {
    for (let i = 0; i < tasks; i += 1) draw[i] = random.int(0, tasks - 1)
    for (let m = 0; m < columns.length; m += 1) {
      const value = ratioOfDraw(draw, sums[m] as Float64Array, counts[m] as Float64Array)
      ;(values[m] as Float64Array)[r] = value
    }
  }
  return values
}

/** NaN where nothing was counted. */
function ratioOfDraw(draw: Int32Array, sums: Float64Array, counts: Float64Array): number {
  let sum = 0
  let count = 0
  for (let i = 0; i < draw.length; i += 1) {
    const at = draw[i] as number
    sum += sums[at] as number
    count += counts[at] as number
  }
  return sum / count
}

function intervalOf(
  { clusters, bounds }: Pick<Column, 'clusters' | 'bounds'>,
  drawn: Float64Array | undefined,
): Interval {
  const counted = clusters.filter(({ count }) => count > 0)
  const value = ratioOf(counted)
  if (value === null || drawn === undefined) return bounds ?? { low: 0, high: 0 }
  const isUnanimous = counted.every(({ sum, count }) => Math.abs(sum / count - value) <= 1e-12 * Math.abs(value))
  if (isUnanimous) return unanimousInterval(value, counted.length, bounds ?? { low: value, high: value })
  return percentiles(drawn.filter((one) => !Number.isNaN(one)))
}

function percentiles(drawn: Float64Array): Interval {
  const sorted = Float64Array.from(drawn).sort()
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
}

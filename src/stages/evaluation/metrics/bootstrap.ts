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

/** Draws of a task at most, in all resamples: with so many tasks fewer resamples say as much. */
const MOST_DRAWS = 4_000_000
const resamplesFor = (tasks: number): number =>
  Math.min(10_000, Math.max(1_000, Math.floor(MOST_DRAWS / Math.max(1, tasks))))

/**
 * 95 % percentile bootstrap intervals of all metrics together (Efron & Tibshirani 1993, ch. 13): tasks are drawn with replacement once a
 * resample, and every metric is taken of the same draw, as is the mean of those named in `averaged` (one without a value counts 0 there).
 * Where all tasks of a metric agree, its interval is {@link unanimousInterval} within its bounds. 10,000 resamples, down to 1,000 for
 * more than 400 tasks.
 */
export function jointIntervals(
  columns: readonly Column[],
  averaged: readonly string[],
  seed: string,
): { readonly intervals: ReadonlyMap<string, Interval>; readonly mean: Interval } {
  const drawn = drawAll(columns, seed)
  const parts = drawn.filter((_, at) => averaged.includes(columns[at]?.name ?? ''))
  const mean = Float64Array.from(parts[0] ?? [], (_, r) => sumOf(parts.map((part) => part[r] ?? 0)) / averaged.length)
  const intervals = columns.map((column, at) => [column.name, intervalOf(column, drawn[at])] as const)
  return { intervals: new Map(intervals), mean: percentiles(mean) }
}

/** A metric that a draw says nothing of is NaN there. */
const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0)

/** Every column's value in every resample. */
function drawAll(columns: readonly Column[], seed: string): Float64Array[] {
  const random = randomFrom(seed)
  const tasks = columns[0]?.clusters.length ?? 0
  const byTask = tasksByColumn(columns, tasks)
  const resamples = resamplesFor(tasks)
  const values = columns.map(() => new Float64Array(resamples))
  const totals = new Float64Array(2 * columns.length)
  for (let r = 0; r < resamples; r += 1) {
    totals.fill(0)
    for (let i = 0; i < tasks; i += 1) {
      const row = random.int(0, tasks - 1) * totals.length
      for (let m = 0; m < totals.length; m += 1) totals[m] = (totals[m] as number) + (byTask[row + m] as number)
    }
    for (const [m, value] of values.entries()) value[r] = (totals[2 * m] as number) / (totals[2 * m + 1] as number)
  }
  return values
}

/** Task after task, its sum and count in every column: what a draw adds up lies together. */
function tasksByColumn(columns: readonly Column[], tasks: number): Float64Array {
  const width = 2 * columns.length
  const table = new Float64Array(tasks * width)
  for (const [m, { clusters }] of columns.entries()) {
    for (const [task, { sum, count }] of clusters.entries()) table.set([sum, count], task * width + 2 * m)
  }
  return table
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

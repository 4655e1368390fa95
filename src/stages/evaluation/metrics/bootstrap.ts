import { randomFrom } from '../../../shared/random/index.js'
import {
  quantile,
  ratioOf,
  resamplesOf,
  unanimousInterval,
  type Cluster,
  type Interval,
} from '../statistics/intervals.js'

/** One metric's clusters, a task each, in the same order in every column; a task without a value counts 0. */
export interface Column {
  readonly name: string
  readonly bounds?: Interval
  readonly clusters: readonly Cluster[]
  /** What the value is a mean over: rows, successes, subtasks. */
  readonly n: number
}

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
  const drawn = drawAll(
    columns.filter((column) => !isConstant(column)),
    seed,
  )
  const intervals = columns.map(({ name, ...column }) => [name, intervalOf(column, drawn.get(name))] as const)
  const parts = columns.filter(({ name }) => averaged.includes(name))
  return { intervals: new Map(intervals), mean: intervalOfMean(parts, drawn, new Map(intervals)) }
}

type Clusters = Pick<Column, 'clusters' | 'bounds'>

/** Whether every draw would give the same, or nothing. */
function isConstant({ clusters }: Clusters): boolean {
  const counted = clusters.filter(({ count }) => count > 0)
  const value = ratioOf(counted)
  return value === null || counted.every(({ sum, count }) => Math.abs(sum / count - value) <= 1e-12 * Math.abs(value))
}

function intervalOf({ clusters, bounds }: Clusters, drawn: Float64Array | undefined): Interval {
  if (drawn !== undefined) return percentiles(drawn.filter((one) => !Number.isNaN(one)))
  const value = ratioOf(clusters)
  if (value === null) return bounds ?? { low: 0, high: 0 }
  const counted = clusters.filter(({ count }) => count > 0).length
  return unanimousInterval(value, counted, bounds ?? { low: value, high: value })
}

/** Where no part varies, resampling shows no doubt: the mean of the parts' own intervals, wider than its own would be, stands for it. */
function intervalOfMean(
  parts: readonly Column[],
  drawn: ReadonlyMap<string, Float64Array>,
  intervals: ReadonlyMap<string, Interval>,
): Interval {
  const varying = parts.flatMap(({ name }) => drawn.get(name) ?? [])
  const [first] = varying
  if (first === undefined) return meanOf(parts.map(({ name }) => intervals.get(name) ?? { low: 0, high: 0 }))
  const fixed = parts.reduce((sum, { name, clusters }) => sum + (drawn.has(name) ? 0 : (ratioOf(clusters) ?? 0)), 0)
  const means = first.map((_, r) => (fixed + sumOf(varying.map((values) => values[r] ?? 0))) / parts.length)
  return percentiles(means)
}

const meanOf = (intervals: readonly Interval[]): Interval => ({
  low: sumOf(intervals.map(({ low }) => low)) / intervals.length,
  high: sumOf(intervals.map(({ high }) => high)) / intervals.length,
})

/** A metric that a draw says nothing of is NaN there. */
const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0)

/** Every column's value in every resample; NaN where a draw counted nothing. */
function drawAll(columns: readonly Column[], seed: string): Map<string, Float64Array> {
  const tasks = columns[0]?.clusters.length ?? 0
  const resamples = resamplesOf(tasks)
  const values = columns.map(({ name }) => [name, new Float64Array(resamples)] as const)
  if (columns.length === 0) return new Map(values)

  const random = randomFrom(seed)
  const byTask = tasksByColumn(columns, tasks)
  const words = new Uint32Array(tasks)
  const totals = new Float64Array(2 * columns.length)
  const scale = tasks / 2 ** 32
  for (let r = 0; r < resamples; r += 1) {
    random.words(words)
    totals.fill(0)
    for (let i = 0; i < tasks; i += 1) {
      const row = Math.floor((words[i] as number) * scale) * totals.length
      for (let m = 0; m < totals.length; m += 1) totals[m] = (totals[m] as number) + (byTask[row + m] as number)
    }
    for (const [m, [, value]] of values.entries()) {
      value[r] = (totals[2 * m] as number) / (totals[2 * m + 1] as number)
    }
  }
  return new Map(values)
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

function percentiles(drawn: Float64Array): Interval {
  const sorted = Float64Array.from(drawn).sort()
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
}

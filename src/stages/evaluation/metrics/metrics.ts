import type { Metrics, Rate, Trial } from '../../../nouns/index.js'
import { clusteredWilson, ratioOf, type Cluster, type Interval } from '../statistics/intervals.js'
import { jointIntervals, type Column } from './bootstrap.js'
import { measures, type Measure } from './measures.js'
import { passAt, passHat, repeatsOf, tellingKs } from './repeats.js'
import { compareText, grouped, isMeasured, isSolved } from './trials.js'

/** The metrics whose mean the paper reports beside them. */
const AVERAGED = ['FTFC', 'SR', 'RC']

/**
 * The metrics of an evaluation over the rows that were measured, each with a 95 % interval clustered by task; docs/metrics.md has all
 * formulas and sources. The paper's (arXiv 2509.17567, section on evaluation):
 *
 * - FTFC, first-turn functional completeness: the mean over rows of Σ weight of requirements met after round 1 / Σ weight.
 *   Interval: percentile bootstrap over tasks. n: rows.
 * - SR@R: the share of rows of which some round within R passed. Interval: Wilson, on the effective sample size. n: rows.
 * - RC@R, remaining chances: the mean over the rows that succeeded of (R − k) / (R − 1), k the first round that passed; 1 where all
 *   succeed at once, 0 where all need the last round, and 0 for R = 1, which leaves nothing to remain. The paper defines it in words only
 *   ("average number of unused rounds when queries are successfully completed") and reports 0.742 beside SR 0.746 and 0.500 beside SR
 *   0.474: the first is more than (R − k) / R can reach with R = 3 (⅔), and the second is more than any average over all trials could be
 *   that counts a failure as 0 and a success as at most 1. Interval: percentile bootstrap over tasks. n: successes; without any, the
 *   value is 0 and the interval 0 to 1. {@link unusedRoundsOf} is the same, not normalised.
 * - mean: of these three, as the paper's table has it; its interval is of the same resamples.
 *
 * Those of which no row says anything (a cost without a price, pass@k of one trial) are absent.
 */
export function metricsOf(rows: readonly Trial[], rounds: number): Metrics {
  const tasks = tasksOf(rows.filter(isMeasured))
  const solved = columnOf(tasks, { name: 'SR', bounds: SHARE, of: successOf })
  const ratios = measures(rounds).map((measure) => columnOf(tasks, measure))
  const columns = [solved, ...ratios, ...repeats(tasks)].filter(({ name, n }) => AVERAGED.includes(name) || n > 0)
  const { intervals, mean } = jointIntervals(columns, AVERAGED, 'metrics')
  const resampled = columns.filter((column) => column !== solved)
  const rates = resampled.map((column): [string, Rate] => [
    column.name,
    rateOf(column, intervals.get(column.name) ?? SHARE),
  ])
  const { FTFC = NOTHING, RC = NOTHING, ...rest } = Object.fromEntries(rates)
  const SR = rateOf(solved, clusteredWilson(solved.clusters))
  const value = (FTFC.value + SR.value + RC.value) / AVERAGED.length
  return { FTFC, SR, RC, mean: { value, ...(SR.n === 0 ? SHARE : mean), n: SR.n }, ...rest }
}

/** All that is measured of an evaluation. */
export interface Measured {
  readonly metrics: Metrics
  /** In the order in which the rows name them. */
  readonly suites: Readonly<Record<string, Metrics>>
  readonly unusedRounds: Rate
}

/** {@link metricsOf} over all rows and for every suite. */
export function measure(rows: readonly Trial[], rounds: number): Measured {
  const suites = [...grouped(rows, (row) => row.suite)]
  const metrics = metricsOf(rows, rounds)
  const isOne = suites.length === 1
  const bySuite = suites.map(([suite, members]) => [suite, isOne ? metrics : metricsOf(members, rounds)] as const)
  return { metrics, suites: Object.fromEntries(bySuite), unusedRounds: unusedRoundsOf(metrics, rounds) }
}

/** SR@R alone. */
export function successRateOf(rows: readonly Trial[]): Rate {
  const column = columnOf(tasksOf(rows.filter(isMeasured)), { name: 'SR', of: successOf })
  return rateOf(column, clusteredWilson(column.clusters))
}

/** The average number of unused rounds R − k over the rows that succeeded, 0 to R − 1: the paper's words taken literally; RC not normalised. */
function unusedRoundsOf({ RC }: Pick<Metrics, 'RC'>, rounds: number): Rate {
  const most = Math.max(0, rounds - 1)
  return { value: RC.value * most, low: RC.low * most, high: RC.high * most, n: RC.n }
}

const SHARE: Interval = { low: 0, high: 1 }
const NOTHING: Rate = { value: 0, ...SHARE, n: 0 }

const successOf = (row: Trial): Cluster => ({ sum: isSolved(row) ? 1 : 0, count: 1 })

type Tasks = readonly (readonly Trial[])[]

/** Rows by task in a fixed order: the order of trials on disk must not move a seeded interval. */
const tasksOf = (rows: readonly Trial[]): Tasks =>
  [...grouped(rows, (row) => row.task)].sort(([a], [b]) => compareText(a, b)).map(([, members]) => members)

/** One cluster a task; rows of which the measure says nothing are not counted. */
function columnOf(tasks: Tasks, { name, bounds, of }: Measure): Column {
  let n = 0
  const clusters = tasks.map((rows) => {
    const values = rows.map(of).filter((value) => value !== null)
    n += values.length
    return totalOf(values)
  })
  return { name, bounds, clusters, n }
}

function totalOf(clusters: readonly Cluster[]): Cluster {
  let sum = 0
  let count = 0
  for (const cluster of clusters) {
    sum += cluster.sum
    count += cluster.count
  }
  return { sum, count }
}

/** pass@k and pass^k where tasks were tried more than once; a subtask is a unit. */
function repeats(tasks: Tasks): Column[] {
  const trials = tasks.reduce((most, rows) => rows.reduce((max, { trial }) => Math.max(max, trial), most), 0)
  const column = (name: string, k: number, of: typeof passAt): Column => {
    const clusters = tasks.map((rows) => repeatsOf(rows, (successes, n) => of(k, successes, n)))
    return { name, bounds: SHARE, clusters, n: totalOf(clusters).count }
  }
  return tellingKs(trials).flatMap((k) => [
    column(`pass@${k}`, k, passAt),
    // Of one trial both say the same.
    ...(k === 1 ? [] : [column(`pass^${k}`, k, passHat)]),
  ])
}

const rateOf = ({ clusters, n }: Column, interval: Interval): Rate => ({
  value: ratioOf(clusters) ?? 0,
  ...interval,
  n,
})

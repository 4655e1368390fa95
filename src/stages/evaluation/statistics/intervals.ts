import { randomFrom } from '../../../shared/random/index.js'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** What one task adds to a rate: the rate of a group of tasks is Σ sum / Σ count. */
export interface Cluster {
  readonly sum: number
  readonly count: number
}

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054

/** Resamples, as long as they take no more than this many draws in all; fewer with thousands of tasks, whose means are smooth. */
const RESAMPLES = { most: 10_000, fewest: 2_000, draws: 4_000_000 }

export const resamplesOf = (tasks: number): number =>
  Math.max(RESAMPLES.fewest, Math.min(RESAMPLES.most, Math.floor(RESAMPLES.draws / tasks)))

/** 95 % Wilson score interval (Wilson 1927) of a share `p` seen in `n` units; `n` may be an effective, fractional number. */
export function wilson(p: number, n: number): Interval {
  if (n <= 0) return { low: 0, high: 1 }
  const square = (Z * Z) / n
  const centre = (p + square / 2) / (1 + square)
  const half = (Z / (1 + square)) * Math.sqrt((p * (1 - p)) / n + square / (4 * n))
  return { low: p === 0 ? 0 : Math.max(0, centre - half), high: p === 1 ? 1 : Math.min(1, centre + half) }
}

/** Σ sum / Σ count; null where nothing was counted. */
export function ratioOf(clusters: readonly Cluster[]): number | null {
  let sum = 0
  let count = 0
  for (const cluster of clusters) {
    sum += cluster.sum
    count += cluster.count
  }
  return count === 0 ? null : sum / count
}

/**
 * 95 % Wilson interval of a share of yes-or-no trials, clustered by task: the sample size is the effective one,
 * p(1 − p) / Var(p), Var the ratio estimator's between-task variance, kept between the number of tasks and of trials.
 * With one trial a task it is the plain Wilson interval; where no trial or every trial succeeds, the variance tells nothing and tasks count.
 *
 * Source: the modified Wilson interval of Dean & Pagano, J. Surv. Stat. Methodol. 3(4), 2015.
 */
export function clusteredWilson(clusters: readonly Cluster[]): Interval {
  const tasks = clusters.length
  const trials = clusters.reduce((total, cluster) => total + cluster.count, 0)
  const p = ratioOf(clusters)
  if (p === null || tasks === 0) return { low: 0, high: 1 }
  if (tasks === 1 || p === 0 || p === 1) return wilson(p, tasks)
  const residuals = clusters.reduce((total, { sum, count }) => total + (sum - p * count) ** 2, 0)
  const variance = (tasks / (tasks - 1)) * (residuals / trials ** 2)
  const effective = (p * (1 - p)) / variance
  return wilson(p, Math.min(trials, Math.max(tasks, effective)))
}

/**
 * 95 % percentile bootstrap interval of Σ sum / Σ count over tasks drawn with replacement (Efron & Tibshirani 1993, ch. 13):
 * 10,000 draws up to 400 tasks, then 4 · 10⁶ / tasks, 2,000 at least. A draw in which nothing was counted is left out. Where all tasks agree, resampling shows no doubt at all: the interval is then
 * {@link unanimousInterval}, within `bounds`.
 */
export function bootstrapInterval(
  clusters: readonly Cluster[],
  bounds: Interval,
  seed: string | number,
  resamples?: number,
): Interval {
  const counted = clusters.filter((cluster) => cluster.count > 0)
  const value = ratioOf(counted)
  if (value === null) return bounds
  if (counted.every(({ sum, count }) => Math.abs(sum / count - value) < 1e-12)) {
    return unanimousInterval(value, counted.length, bounds)
  }
  const drawn = Float64Array.from(resample(clusters, seed, resamples ?? resamplesOf(clusters.length))).sort()
  return { low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) }
}

/**
 * 95 % interval of a mean where all `n` tasks had the same value: at most a share q = 1 − 0.025^(1/n) of all tasks can differ from it
 * (Clopper–Pearson for 0 of n), each by no more than the bounds allow.
 */
export function unanimousInterval(value: number, n: number, bounds: Interval): Interval {
  const other = 1 - 0.025 ** (1 / n)
  return { low: value * (1 - other) + bounds.low * other, high: value * (1 - other) + bounds.high * other }
}

function* resample(clusters: readonly Cluster[], seed: string | number, resamples: number): Generator<number> {
  const random = randomFrom(seed)
  const sums = Float64Array.from(clusters, (cluster) => cluster.sum)
  const counts = Float64Array.from(clusters, (cluster) => cluster.count)
  const words = new Uint32Array(clusters.length)
  const scale = clusters.length / 2 ** 32
  for (let draw = 0; draw < resamples; draw += 1) {
    random.words(words)
    let sum = 0
    let count = 0
    for (let i = 0; i < words.length; i += 1) {
      const at = Math.floor((words[i] ?? 0) * scale)
      sum += sums[at] ?? 0
      count += counts[at] ?? 0
    }
    if (count > 0) yield sum / count
  }
}

/** Linear interpolation between order statistics, as numpy's default. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? 0
  const above = sorted[Math.ceil(at)] ?? below
  return below + (above - below) * (at - Math.floor(at))
}

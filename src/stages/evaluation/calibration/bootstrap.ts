import { randomFrom } from '../../../shared/random/index.js'
import { quantile, unanimousInterval, type Interval } from '../statistics/intervals.js'
import { addMoments, type Moments } from './kappa.js'

/** A number with its 95 % interval; null where the data do not define it. `n` counts pairs. */
export interface Estimate {
  readonly value: number | null
  readonly low: number
  readonly high: number
  readonly n: number
}

const RESAMPLES = 10_000

/**
 * A statistic of pairs with its 95 % percentile bootstrap interval, tasks drawn with replacement (Efron & Tibshirani 1993, ch. 13), since
 * trials of one task are no independent evidence; a draw that does not define it is left out. Where all draws agree, the interval is
 * {@link unanimousInterval} within the bounds.
 */
export function estimate(
  tasks: readonly Moments[],
  statistic: (moments: Moments) => number | null,
  bounds: Interval,
  seed: string,
): Estimate {
  const all = addMoments(tasks)
  const value = statistic(all)
  if (value === null) return { value, ...bounds, n: all.n }
  const random = randomFrom(seed)
  const drawn = new Float64Array(RESAMPLES)
  let defined = 0
  for (let draw = 0; draw < RESAMPLES; draw += 1) {
    const found = statistic(addMoments(tasks.map(() => random.pick(tasks))))
    if (found !== null) drawn[defined++] = found
  }
  const sorted = drawn.subarray(0, defined).sort()
  const [low, high] = [quantile(sorted, 0.025), quantile(sorted, 0.975)]
  const isUnanimous = (sorted.at(-1) ?? value) - (sorted[0] ?? value) < 1e-12
  return { value, ...(isUnanimous ? unanimousInterval(value, tasks.length, bounds) : { low, high }), n: all.n }
}

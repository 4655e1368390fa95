import { binomialPmf } from './binomial.js'
import type { Shares } from './power.js'

/** What is known or assumed of tasks before they are tried twice. */
export interface Tasks {
  /** The share 0–1 of trials that succeed without the effect. */
  readonly baseline: number
  /** The share 0–1 of tasks that differ between two single trials without any effect: chance, 0 to 2 · baseline · (1 − baseline). */
  readonly discordant: number
}

export interface TaskModel {
  /** The shares of tasks whose success rates over `trials` differ, where the second arm succeeds by `difference` more often. */
  shares(difference: number, trials: number): Shares
}

/** The most that two trials of a task can differ by chance: tasks are then all alike. */
export const mostDiscordant = (baseline: number): number => 2 * baseline * (1 - baseline)

/**
 * Tasks of unlike difficulty: task i succeeds with p = logistic(μ + σ·zᵢ) before and logistic(μ′ + σ·zᵢ) after, zᵢ standard normal. σ
 * follows from how often two trials of a task differ, 2·E[p(1 − p)]; μ and μ′ from the success rates. So the effect is the same for every
 * task on the logit scale, tasks keep their order, and all else is chance within a task, which more trials reduce.
 *
 * Source: the random-intercept logistic model (Rasch 1960; Agresti, Categorical Data Analysis, §13.3). Integrated over z from −6 to 6 in
 * steps of 0.02; σ ends at 40, where under 2 % of tasks are in doubt. With less chance than that tasks are taken to pass always or never.
 */
export function taskModel({ baseline, discordant }: Tasks): TaskModel {
  const rates = (spread: number): Float64Array => ratesOf(baseline, spread)
  const differs = (spread: number): number => 2 * mean(rates(spread).map((p) => p * (1 - p)))
  // Below what the widest spread leaves in doubt nothing is chance: each task passes always or never, and further trials tell nothing.
  if (discordant < differs(MOST_SPREAD)) return { shares: (difference) => ({ up: difference, down: 0 }) }
  const spread = bisect((sigma) => differs(sigma) <= discordant, 0, MOST_SPREAD)
  const before = rates(spread)
  const found = new Map<number, Float64Array>()
  const after = (difference: number): Float64Array => {
    const known = found.get(difference) ?? ratesOf(Math.min(1, baseline + difference), spread)
    found.set(difference, known)
    return known
  }
  return { shares: (difference, trials) => mixed(before, after(difference), trials) }
}

const MOST_SPREAD = 40
const STEP = 0.02
const POINTS = Float64Array.from({ length: 601 }, (_, at) => (at - 300) * STEP)
const DENSITY = POINTS.map((z) => (Math.exp(-(z ** 2) / 2) * STEP) / Math.sqrt(2 * Math.PI))

function mean(values: Float64Array): number {
  let sum = 0
  for (let at = 0; at < values.length; at += 1) sum += (values[at] ?? 0) * (DENSITY[at] ?? 0)
  return sum
}

/** Each point's success rate where their mean is `rate`. */
function ratesOf(rate: number, spread: number): Float64Array {
  const at = (centre: number): Float64Array => POINTS.map((z) => 1 / (1 + Math.exp(-(centre + spread * z))))
  if (rate <= 0) return at(-Infinity)
  if (rate >= 1) return at(Infinity)
  const far = 8 * spread + 40
  return at(bisect((centre) => mean(at(centre)) >= rate, -far, far))
}

/** The smallest number between two from which something holds. */
function bisect(holds: (value: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to]
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

function mixed(before: Float64Array, after: Float64Array, trials: number): Shares {
  let up = 0
  let down = 0
  for (const [at, weight] of DENSITY.entries()) {
    const moves = moveOf(before[at] ?? 0, after[at] ?? 0, trials)
    up += weight * moves.up
    down += weight * moves.down
  }
  return { up, down }
}

/** How likely `trials` of each arm succeed more often in the second, and more often in the first. */
export function moveOf(before: number, after: number, trials: number): Shares {
  let [up, down] = [0, 0]
  let [fewerBefore, fewerAfter] = [0, 0]
  for (let count = 0; count <= trials; count += 1) {
    const first = binomialPmf(count, trials, before)
    const second = binomialPmf(count, trials, after)
    up += second * fewerBefore
    down += first * fewerAfter
    fewerBefore += first
    fewerAfter += second
  }
  return { up, down }
}

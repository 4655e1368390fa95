import { signTestPower, type Shares } from './power.js'
import { moveOf } from './task-model.js'

/** Success rates 0–1 of one task over the same number of trials under both arms. */
interface Rates {
  readonly a: number
  readonly b: number
}

/** The most trials a task that are looked at. */
export const MOST_TRIALS = 30

/**
 * How many more trials of the same tasks show, with 80 % power, an effect as it was seen; null where 30 a task do not. The tasks' own
 * rates are estimated from `trials` ≥ 2 each: levels and differences, less what chance adds to their spread, are drawn towards their means
 * so that they spread as the true ones do; from these the sign test's power follows with any number of trials.
 *
 * Source: variance components of repeated binary measures (Miller, Adding Error Bars to Evals, arXiv 2411.00640, §3.1), and constrained
 * empirical Bayes estimates (Ghosh, J. Am. Stat. Assoc. 87(418), 1992).
 */
export function moreTrials(tasks: readonly Rates[], trials: number): number | null {
  const isLoss = meanOf(tasks, difference) < 0
  const sharesWith = predicted(tasks, trials)
  for (let planned = trials + 1; planned <= MOST_TRIALS; planned += 1) {
    const { up, down } = sharesWith(planned)
    const shares = isLoss ? { up: down, down: up } : { up, down }
    if (shares.up > shares.down && signTestPower(tasks.length, shares) >= 0.8) return planned - trials
  }
  return null
}

/** What shares of such tasks would move either way with another number of trials. */
export function predicted(tasks: readonly Rates[], trials: number): (planned: number) => Shares {
  const truths = truthsOf(tasks, trials)
  return (planned) => {
    let [up, down] = [0, 0]
    for (const { a, b, share } of truths) {
      const moves = moveOf(a, b, planned)
      up += share * moves.up
      down += share * moves.down
    }
    return { up, down }
  }
}

const difference = ({ a, b }: Rates): number => b - a
const level = ({ a, b }: Rates): number => (a + b) / 2

interface Truth extends Rates {
  /** The share of tasks that are like this. */
  readonly share: number
}

function truthsOf(tasks: readonly Rates[], trials: number): Truth[] {
  const chance = meanOf(tasks, ({ a, b }) => (a * (1 - a) + b * (1 - b)) / (trials - 1))
  const moves = drawnIn(tasks, difference, chance)
  const levels = drawnIn(tasks, level, chance / 4)
  const kinds = new Map<string, Truth>()
  for (const task of tasks) {
    const [middle, half] = [levels(task), moves(task) / 2]
    const a = within(middle - half)
    const b = within(middle + half)
    const key = `${a.toFixed(6)} ${b.toFixed(6)}`
    kinds.set(key, { a, b, share: (kinds.get(key)?.share ?? 0) + 1 / tasks.length })
  }
  return [...kinds.values()]
}

/** A quantity of tasks drawn towards its mean, so that of its variance what chance made is gone. */
function drawnIn(tasks: readonly Rates[], of: (task: Rates) => number, chance: number): (task: Rates) => number {
  const mean = meanOf(tasks, of)
  const variance = meanOf(tasks, (task) => (of(task) - mean) ** 2)
  const kept = variance > chance ? Math.sqrt(1 - chance / variance) : 0
  return (task) => mean + kept * (of(task) - mean)
}

const meanOf = (tasks: readonly Rates[], of: (task: Rates) => number): number =>
  tasks.reduce((sum, task) => sum + of(task), 0) / tasks.length

const within = (rate: number): number => Math.min(1, Math.max(0, rate))

import type { Comparison, VerdictWord } from '../../../nouns/index.js'
import { meanMove, smallestDetectable, smallestGraded } from './detectable.js'
import { bootstrapInterval, type Interval } from './intervals.js'
import { exactMcNemar } from './mcnemar.js'
import { moreTrials } from './more-trials.js'
import { signFlipTest } from './permutation.js'
import { tasksNeeded } from './power.js'

/** One task under both arms: success rates 0–1 over its trials (0 or 1 with one trial), or the means of another measure. */
export interface Pair {
  readonly a: number
  readonly b: number
  /** Trials behind either value; 1 where not given. */
  readonly trials?: number
  /** Subtasks behind either value; the task weighs as many rows. 1 where not given. */
  readonly subtasks?: number
}

const ALPHA = 0.05

/**
 * Compares success rates paired by task, B minus A: the difference over all rows with a bootstrap interval over tasks, the exact McNemar
 * test (sign test with several trials a task: by the direction in which a task moved), the smallest difference that this design would
 * have shown, and what more it takes where nothing was shown. Detectable assumes that as large a share of tasks moves against the effect
 * as did here, and that tasks which move do so by as much as those that did.
 */
export function comparePairs(pairs: readonly Pair[], seed: string | number = 0): Comparison {
  const seen = describe(pairs, { low: -1, high: 1 }, seed)
  const { n, onlyA, onlyB, moves } = seen
  const p = exactMcNemar(onlyA, onlyB)
  const verdict = verdictOf(seen, p)
  const against = n === 0 ? 0 : Math.min(onlyA, onlyB) / n
  const detectable = smallestDetectable({ n, against })
  const comparison = { ...counted(seen), verdict, p, detectable: detectable < 1 ? detectable * meanMove(moves) : 1 }
  return verdict === 'not-shown' ? { ...comparison, more: moreOf(pairs, seen) } : comparison
}

/**
 * Compares means of a graded measure with values between `bounds`, paired by task, B minus A: as {@link comparePairs}, with the sign-flip
 * permutation test on the tasks' differences, each weighing as many rows as the task has subtasks.
 */
export function compareGraded(pairs: readonly Pair[], bounds: Interval, seed: string | number = 0): Comparison {
  const range = bounds.high - bounds.low
  const seen = describe(pairs, { low: -range, high: range }, seed)
  const p = signFlipTest(seen.weighted, seed)
  const detectable = range * smallestGraded(seen.moves.map((move) => move / range))
  return { ...counted(seen), verdict: verdictByMean(seen.difference, p), p, detectable }
}

/** `gain` or `loss` only where the exact test says p < 0.05, and the tasks that moved and the mean point the same way. */
export function verdictOf(
  { onlyA, onlyB, difference }: Pick<Comparison, 'onlyA' | 'onlyB' | 'difference'>,
  p: number,
): VerdictWord {
  return Math.sign(onlyB - onlyA) === Math.sign(difference) ? verdictByMean(difference, p) : 'not-shown'
}

/** `gain` or `loss` only where p < 0.05, by the sign of the difference. */
export function verdictByMean(difference: number, p: number): VerdictWord {
  if (!(p < ALPHA) || difference === 0) return 'not-shown'
  return difference > 0 ? 'gain' : 'loss'
}

interface Seen extends Pick<Comparison, 'difference' | 'low' | 'high' | 'n' | 'onlyA' | 'onlyB'> {
  /** A task's difference each; 0 where it did not move. */
  readonly moves: readonly number[]
  /** The same, times the task's subtasks. */
  readonly weighted: readonly number[]
}

const counted = ({ difference, low, high, n, onlyA, onlyB }: Seen) => ({ difference, low, high, n, onlyA, onlyB })

function describe(pairs: readonly Pair[], bounds: Interval, seed: string | number): Seen {
  const moves = pairs.map(({ a, b }) => (Math.abs(b - a) < 1e-12 ? 0 : b - a))
  const clusters = pairs.map(({ subtasks = 1 }, at) => ({ sum: subtasks * (moves[at] ?? 0), count: subtasks }))
  const rows = clusters.reduce((sum, { count }) => sum + count, 0)
  const weighted = clusters.map(({ sum }) => sum)
  const difference = rows === 0 ? 0 : weighted.reduce((sum, one) => sum + one, 0) / rows
  return {
    // What sums to 0 may miss it by the last digit.
    difference: Math.abs(difference) < 1e-12 ? 0 : difference,
    ...bootstrapInterval(clusters, bounds, seed),
    n: pairs.length,
    onlyA: moves.filter((move) => move < 0).length,
    onlyB: moves.filter((move) => move > 0).length,
    moves,
    weighted,
  }
}

function moreOf(pairs: readonly Pair[], { n, onlyA, onlyB, difference }: Seen): Comparison['more'] {
  if (difference === 0 || Math.sign(onlyB - onlyA) !== Math.sign(difference)) return { tasks: null }
  const shares = { up: Math.max(onlyA, onlyB) / n, down: Math.min(onlyA, onlyB) / n }
  const enough = tasksNeeded(shares)
  const tasks = enough === null ? null : Math.max(1, enough - n)
  const trials = trialsOf(pairs)
  return trials < 2 ? { tasks } : { tasks, trials: moreTrials(pairs, trials) }
}

/** Trials behind every pair; 1 where their spread cannot be told from that of subtasks, or differs. */
function trialsOf(pairs: readonly Pair[]): number {
  const first = pairs[0]?.trials ?? 1
  return pairs.every(({ trials = 1, subtasks = 1 }) => trials === first && subtasks === 1) ? first : 1
}

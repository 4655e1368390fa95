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
 * test (sign test with several trials a task: by the direction in which a task moved; `gain` or `loss` only where p < 0.05 and the tasks
 * that moved and the mean point the same way), the smallest difference that this design would
 * have shown, and what more it takes where nothing was shown. Detectable assumes that as large a share of tasks moves against the effect
 * as did here, and that tasks which move do so by as much as those that did.
 */
export function comparePairs(pairs: readonly Pair[], seed: string | number = 0): Comparison {
  const seen = signTest(pairs)
  const { n, onlyA, onlyB, moves, p, verdict } = seen
  const against = n === 0 ? 0 : Math.min(onlyA, onlyB) / n
  const smallest = smallestDetectable({ n, against })
  const detectable = smallest < 1 ? smallest * meanMove(moves) : 1
  const comparison = { ...counted(seen), ...intervalOf(seen, 1, seed), verdict, p, detectable }
  return verdict === 'not-shown' ? { ...comparison, more: moreOf(pairs, seen) } : comparison
}

/** The verdict of {@link comparePairs} and what it rests on. */
export function signTest(pairs: readonly Pair[]): Moves & Pick<Comparison, 'p' | 'verdict'> {
  const seen = movesOf(pairs)
  const p = exactMcNemar(seen.onlyA, seen.onlyB)
  const isOneWay = Math.sign(seen.onlyB - seen.onlyA) === Math.sign(seen.difference)
  return { ...seen, p, verdict: isOneWay ? verdictByMean(seen.difference, p) : 'not-shown' }
}

/**
 * Compares means of a graded measure with values between `bounds`, paired by task, B minus A: as {@link comparePairs}, with the sign-flip
 * permutation test on the tasks' differences, each weighing as many rows as the task has subtasks.
 */
export function compareGraded(pairs: readonly Pair[], bounds: Interval, seed: string | number = 0): Comparison {
  const range = bounds.high - bounds.low
  const seen = movesOf(pairs)
  const p = signFlipTest(seen.weighted, seed)
  const detectable = range * smallestGraded(seen.moves.map((move) => move / range))
  return {
    ...counted(seen),
    ...intervalOf(seen, range, seed),
    verdict: verdictByMean(seen.difference, p),
    p,
    detectable,
  }
}

/** `gain` or `loss` only where p < 0.05, by the sign of the difference. */
export function verdictByMean(difference: number, p: number): VerdictWord {
  if (!(p < ALPHA) || difference === 0) return 'not-shown'
  return difference > 0 ? 'gain' : 'loss'
}

interface Moves extends Pick<Comparison, 'difference' | 'n' | 'onlyA' | 'onlyB'> {
  /** A task's difference each; 0 where it did not move. */
  readonly moves: readonly number[]
  /** The same, times the task's subtasks. */
  readonly weighted: readonly number[]
  /** Subtasks of each task. */
  readonly weights: readonly number[]
}

const counted = ({ difference, n, onlyA, onlyB }: Moves) => ({ difference, n, onlyA, onlyB })

/** What sums to 0 may miss it by the last digit. */
const settled = (value: number): number => (Math.abs(value) < 1e-12 ? 0 : value)

function movesOf(pairs: readonly Pair[]): Moves {
  const moves = pairs.map(({ a, b }) => settled(b - a))
  const weights = pairs.map(({ subtasks = 1 }) => subtasks)
  const weighted = moves.map((move, at) => move * (weights[at] ?? 1))
  const rows = weights.reduce((sum, weight) => sum + weight, 0)
  return {
    difference: rows === 0 ? 0 : settled(weighted.reduce((sum, one) => sum + one, 0) / rows),
    n: pairs.length,
    onlyA: moves.filter((move) => move < 0).length,
    onlyB: moves.filter((move) => move > 0).length,
    moves,
    weighted,
    weights,
  }
}

/** By bootstrap over tasks, of differences between −range and range. */
function intervalOf({ weighted, weights }: Moves, range: number, seed: string | number): Interval {
  const clusters = weighted.map((sum, at) => ({ sum, count: weights[at] ?? 1 }))
  const { low, high } = bootstrapInterval(clusters, { low: -range, high: range }, seed)
  return { low: settled(low), high: settled(high) }
}

function moreOf(pairs: readonly Pair[], { n, onlyA, onlyB, difference }: Moves): Comparison['more'] {
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

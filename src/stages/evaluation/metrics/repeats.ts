import type { Trial } from '../../../nouns/index.js'
import type { Cluster } from '../statistics/intervals.js'
import { grouped, isSolved } from './trials.js'

/**
 * pass@k, unbiased: the chance that at least one of k trials succeeds, 1 − C(n − c, k) / C(n, k) with c successes in n trials
 * (Chen et al., arXiv 2107.03374). Null for n < k.
 */
export function passAt(k: number, successes: number, trials: number): number | null {
  if (trials < k) return null
  let none = 1
  for (let i = 0; i < k; i += 1) none *= Math.max(0, trials - successes - i) / (trials - i)
  return 1 - none
}

/** pass^k: the chance that all of k trials succeed, C(c, k) / C(n, k) (Yao et al., τ-bench, arXiv 2406.12045). Null for n < k. */
export function passHat(k: number, successes: number, trials: number): number | null {
  if (trials < k) return null
  let all = 1
  for (let i = 0; i < k; i += 1) all *= Math.max(0, successes - i) / (trials - i)
  return all
}

/** The k that are told of for K trials: each up to 5, then powers of two, and K. */
export function tellingKs(trials: number): number[] {
  if (trials < 2) return []
  const ks = [1, 2, 3, 4, 5, 8, 16, 32, 64, 128, 256, 512, 1024].filter((k) => k < trials)
  return [...ks, trials]
}

/** One task's subtasks, each with the chance that `of` gives for its trials. */
export function repeatsOf(rows: readonly Trial[], of: (successes: number, trials: number) => number | null): Cluster {
  const chances = [...grouped(rows, (row) => String(row.subtask)).values()]
    .map((trials) => of(trials.filter(isSolved).length, trials.length))
    .filter((chance) => chance !== null)
  return { sum: chances.reduce((sum, chance) => sum + chance, 0), count: chances.length }
}

import { binomialPmf, binomialTail } from './binomial.js'
import { criticalCount } from './mcnemar.js'

/** The fewest pairs with which the exact test can ever reach p < 0.05: 2 · ½⁶ = 0.031. */
export const FEWEST_PAIRS = 6

/** The most tasks that are looked at before it is said that no number would do. */
export const MOST_TASKS = 10_000

/** Shares 0–1 of tasks that differ between two arms: in favour of the effect, and against it. */
export interface Shares {
  readonly up: number
  readonly down: number
}

/** What is asked of a test. */
export interface Demand {
  /** Two-sided level; 0.05 where not given. */
  readonly alpha?: number
  /** The chance with which the effect is to be shown; 0.8 where not given. */
  readonly power?: number
}

/**
 * The chance that `n` tasks show an effect by the exact McNemar or sign test, by exact enumeration: the number of tasks that differ is
 * D ~ Binomial(n, up + down), those in favour X ~ Binomial(D, up / (up + down)), and the power is Σ P(D = d) · P(X ≥ critical(d)).
 *
 * Source: the unconditional power of the exact McNemar test, Duffy, Biometrics 40(4), 1984.
 */
export function signTestPower(n: number, { up, down }: Shares, alpha = 0.05): number {
  const unlike = Math.min(1, up + down)
  if (up <= 0) return 0
  const favour = Math.min(1, up / unlike)
  const critical = criticalAt(alpha)
  const spread = 7 * Math.sqrt(n * unlike * (1 - unlike)) + 7
  const first = Math.max(0, Math.floor(n * unlike - spread))
  const last = Math.min(n, Math.ceil(n * unlike + spread))
  let power = 0
  for (let pairs = first; pairs <= last; pairs += 1) {
    const needed = critical(pairs)
    if (needed !== null) power += binomialPmf(pairs, n, unlike) * binomialTail(needed, pairs, favour)
  }
  return power
}

/**
 * A number of tasks that shows an effect with the power asked for, while one task fewer does not; null where 10,000 do not. Exact power
 * rises in small steps back and forth, so some smaller number may reach it too.
 */
export function tasksNeeded(shares: Shares, { alpha = 0.05, power = 0.8 }: Demand = {}): number | null {
  if (shares.up <= shares.down) return null
  const shows = (n: number): boolean => signTestPower(n, shares, alpha) >= power
  let enough = FEWEST_PAIRS - 1
  while (!shows(enough)) {
    if (enough === MOST_TASKS) return null
    enough = Math.min(MOST_TASKS, enough * 2)
  }
  let few = Math.floor(enough / 2)
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2)
    if (shows(middle)) enough = middle
    else few = middle
  }
  return enough
}

type Critical = (pairs: number) => number | null

const known = new Map<number, Map<number, number | null>>()

/** {@link criticalCount} at a level, each number of pairs worked out once. */
function criticalAt(alpha: number): Critical {
  const found = known.get(alpha) ?? new Map<number, number | null>()
  known.set(alpha, found)
  return (pairs) => {
    const before = found.get(pairs)
    if (before !== undefined) return before
    const critical = criticalCount(pairs, alpha)
    found.set(pairs, critical)
    return critical
  }
}

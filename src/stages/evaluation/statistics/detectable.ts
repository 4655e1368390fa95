import { FEWEST_PAIRS, signTestPower, type Demand, type Shares } from './power.js'
import { studentQuantile } from './student.js'

/** A design of paired yes-or-no tasks. */
export interface PairedDesign extends Demand {
  /** Pairs of tasks. */
  readonly n: number
  /** The share of pairs assumed to change against the effect (a gain that also breaks some tasks needs to be larger to show). */
  readonly against?: number
}

/**
 * The smallest difference in success rate that a paired design shows with the given power (0.8) at the given two-sided α (0.05) by the
 * exact McNemar test: the smallest δ of which {@link signTestPower} with shares `against + δ` up and `against` down reaches the power,
 * by bisection to 10⁻⁶. Where these no longer fit into all tasks, every task moves, and a larger δ leaves fewer against. 1 where no
 * difference would show.
 */
export function smallestDetectable(design: PairedDesign): number {
  const { n, against = 0, alpha = 0.05, power = 0.8 } = design
  const sharesOf = (difference: number): Shares => {
    const down = Math.min(against, (1 - difference) / 2)
    return { up: down + difference, down }
  }
  return smallest((difference) => signTestPower(n, sharesOf(difference), alpha) >= power, 1)
}

/** The smallest number from 0 to `most` from which something holds; 1 where not even `most` does. */
export function smallest(holds: (value: number) => boolean, most: number, within = 1e-6): number {
  if (!holds(most)) return 1
  let low = 0
  let high = most
  while (high - low > within) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

/**
 * The smallest mean of paired differences that the sign-flip test shows with 80 % power at two-sided α = 0.05: (t₀.₉₇₅ + t₀.₈) · s / √n
 * with n − 1 degrees of freedom, s the differences' standard deviation as seen; but no less than what it takes for enough tasks to move
 * at all, by as much as those that moved ({@link smallestDetectable} times their mean size).
 *
 * Source: the usual approximation to the power of the paired t test (Zar, Biostatistical Analysis, §7.7), to which the sign-flip test
 * comes near as n grows (Lehmann & Romano, Testing Statistical Hypotheses, ch. 15).
 */
export function smallestGraded(differences: readonly number[]): number {
  const n = differences.length
  if (n < FEWEST_PAIRS) return 1
  const mean = differences.reduce((sum, one) => sum + one, 0) / n
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (n - 1)
  const quantiles = studentQuantile(0.975, n - 1) + studentQuantile(0.8, n - 1)
  const fewest = smallestDetectable({ n }) * meanMove(differences)
  return Math.min(1, Math.max(fewest, quantiles * Math.sqrt(variance / n)))
}

/** The mean size of the differences that are not 0; 1 where all are. */
export function meanMove(differences: readonly number[]): number {
  const moved = differences.filter((difference) => difference !== 0)
  return moved.length === 0 ? 1 : moved.reduce((sum, one) => sum + Math.abs(one), 0) / moved.length
}

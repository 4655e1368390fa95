import { binomialPmf, binomialTail } from './binomial.js'

/**
 * Exact McNemar test on pairs that differ: under no effect each of them is a fair coin.
 * p = min(1, 2 · P(X ≥ max(onlyA, onlyB))), X ~ Binomial(onlyA + onlyB, ½); 1 where no pair differs.
 *
 * Source: McNemar 1947; the exact form as in statsmodels' `mcnemar(exact=True)` and scipy's `binomtest`.
 * With several trials a task the pairs are tasks whose success rates differ, and this is the sign test.
 */
export function exactMcNemar(onlyA: number, onlyB: number): number {
  const pairs = onlyA + onlyB
  if (pairs === 0) return 1
  return Math.min(1, 2 * binomialTail(Math.max(onlyA, onlyB), pairs, 0.5))
}

/** The smallest count of pairs in favour, of `pairs` that differ, that the exact test calls significant; null where none is. */
export function criticalCount(pairs: number, alpha: number): number | null {
  let tail = 0
  let critical: number | null = null
  // Ten standard deviations above the middle there is nothing left that counts.
  const first = Math.min(pairs, Math.ceil(pairs / 2 + 5 * Math.sqrt(pairs)))
  for (let count = first; count > pairs / 2; count -= 1) {
    tail += binomialPmf(count, pairs, 0.5)
    if (2 * tail >= alpha) break
    critical = count
  }
  return critical
}

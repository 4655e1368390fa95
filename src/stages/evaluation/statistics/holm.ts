/**
 * P values adjusted for as many tests as there are: in ascending order the k-th smallest of m becomes the largest so far of
 * (m − k + 1) · p, at most 1. In the order in which they were given.
 *
 * Source: Holm, Scand. J. Statist. 6(2), 1979; as in statsmodels' `multipletests(method='holm')`.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((p, at) => ({ p, at })).sort((a, b) => a.p - b.p)
  const adjusted = new Array<number>(values.length).fill(1)
  let largest = 0
  for (const [rank, { p, at }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (values.length - rank) * p))
    adjusted[at] = largest
  }
  return adjusted
}

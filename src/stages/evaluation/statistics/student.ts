/** Points of the standard normal distribution. */
const NORMAL = { 0.8: 0.8416212335729143, 0.975: 1.959963984540054 } as const

/**
 * A point of Student's t distribution; within 0.2 % from 3 degrees of freedom on.
 *
 * Source: the expansion by Fisher & Cornish, Abramowitz & Stegun 26.7.5.
 */
export function studentQuantile(share: keyof typeof NORMAL, freedom: number): number {
  const z = NORMAL[share]
  const g1 = (z ** 3 + z) / 4
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160
  return z + g1 / freedom + g2 / freedom ** 2 + g3 / freedom ** 3 + g4 / freedom ** 4
}

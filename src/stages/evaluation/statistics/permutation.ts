import { randomFrom } from '../../../shared/random/index.js'

/** Up to this many differences all 2ⁿ signs are gone through. */
const EXACT = 20

/** Draws of all signs, as long as they turn no more than this many in all; fewer with thousands of tasks. */
const DRAWS = { most: 9_999, fewest: 1_999, signs: 10_000_000 }

const drawsOf = (values: number): number =>
  Math.max(DRAWS.fewest, Math.min(DRAWS.most, Math.floor(DRAWS.signs / values)))

/**
 * Two-sided p of paired differences by sign-flip permutation: under no effect each difference is as likely to point the other way, and
 * p is the share of all signs whose sum is as far from 0 as the sum seen. Exact by enumeration where at most 20 differ from 0; else over
 * 9,999 seeded draws (10⁷ / tasks above 1,000 tasks, 1,999 at least), (1 + as far) / (1 + draws). 1 where none differs.
 *
 * Source: Fisher 1935 (Design of Experiments, §21); the +1, Phipson & Smyth, Stat. Appl. Genet. Mol. Biol. 9(1), 2010;
 * as scipy's `permutation_test(permutation_type='samples')`.
 */
export function signFlipTest(differences: readonly number[], seed: string | number = 0): number {
  const moved = Float64Array.from(differences.filter((difference) => difference !== 0))
  if (moved.length === 0) return 1
  const seen = Math.abs(moved.reduce((sum, one) => sum + one, 0))
  const size = moved.reduce((sum, one) => sum + Math.abs(one), 0)
  // Sums of the same numbers in another order may differ in their last digits.
  const limit = seen - 1e-10 * size
  return moved.length <= EXACT ? enumerated(moved, limit) : drawn(moved, limit, seed)
}

/** By Gray code: from one pattern of signs to the next a single difference turns round. */
function enumerated(values: Float64Array, limit: number): number {
  const patterns = 2 ** values.length
  const signs = new Int8Array(values.length).fill(1)
  let sum = values.reduce((total, one) => total + one, 0)
  let far = 0
  for (let pattern = 1; pattern <= patterns; pattern += 1) {
    if (Math.abs(sum) >= limit) far += 1
    const turn = Math.min(values.length - 1, 31 - Math.clz32(pattern & -pattern))
    const sign = signs[turn] ?? 1
    sum -= 2 * sign * (values[turn] ?? 0)
    signs[turn] = -sign
  }
  return far / patterns
}

function drawn(values: Float64Array, limit: number, seed: string | number): number {
  const random = randomFrom(seed)
  const words = new Uint32Array(Math.ceil(values.length / 32))
  const draws = drawsOf(values.length)
  let far = 1
  for (let draw = 0; draw < draws; draw += 1) {
    random.words(words)
    let sum = 0
    for (let i = 0; i < values.length; i += 1) {
      const bit = ((words[i >>> 5] ?? 0) >>> (i & 31)) & 1
      sum += (1 - 2 * bit) * (values[i] ?? 0)
    }
    if (Math.abs(sum) >= limit) far += 1
  }
  return far / (draws + 1)
}

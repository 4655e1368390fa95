import { createHash } from 'node:crypto'

/** A stream of pseudo-random choices, the same for the same seed on every machine. Never for secrets. */
export interface Random {
  /** Uniform in [0, 1), with 53 bits. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  /** One item; an empty list is a bug and throws. */
  pick<T>(items: readonly T[]): T
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[]
  /** Fills with uniform unsigned 32-bit words, for loops of millions of draws; two of them make one {@link next}. */
  words(into: Uint32Array): void
}

/** sfc32, Chris Doty-Humphrey's small fast counting generator (PractRand), its state taken from the seed's SHA-256. */
export function randomFrom(seed: string | number): Random {
  const { word, fill } = sfc32(seed)
  const next = (): number => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53
  const int = (low: number, high: number): number => {
    if (!Number.isInteger(low) || !Number.isInteger(high) || high < low) {
      throw new RangeError(`No whole number lies between ${low} and ${high}.`)
    }
    return low + Math.floor(next() * (high - low + 1))
  }
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('Nothing to pick from an empty list.')
    return items[int(0, items.length - 1)] as T
  }
  const shuffle = <T>(items: readonly T[]): T[] => {
    const out = [...items]
    for (let last = out.length - 1; last > 0; last -= 1) {
      const other = int(0, last)
      ;[out[last], out[other]] = [out[other] as T, out[last] as T]
    }
    return out
  }
  return { next, int, pick, shuffle, words: fill }
}

/** Uniform unsigned 32-bit words, one at a time or many. */
function sfc32(seed: string | number): { word: () => number; fill: (into: Uint32Array) => void } {
  const digest = createHash('sha256')
    .update(`${typeof seed}:${seed}`)
    .digest()
  const state = Int32Array.of(digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), 1)
  const fill = (into: Uint32Array): void => {
    let [a = 0, b = 0, c = 0, counter = 0] = state
    for (let at = 0; at < into.length; at += 1) {
      const word = (a + b + counter) | 0
      counter = (counter + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + word) | 0
      into[at] = word
    }
    state.set([a, b, c, counter])
  }
  const one = new Uint32Array(1)
  const word = (): number => {
    fill(one)
    return one[0] ?? 0
  }
  return { word, fill }
}

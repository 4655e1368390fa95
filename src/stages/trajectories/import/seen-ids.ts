const EXACT = 100_000
/** 16 MB of bits: with four million ids in it, one in two hundred thousand new ones is taken for seen. */
const BITS = 27
const PER_ID = 8

/**
 * Ids that were given out, for sessions of any length: exact for the first hundred thousand, then in bounded memory (a Bloom filter), where a
 * new one may be taken for given, never the other way round.
 */
export class SeenIds {
  #exact: Set<string> | null = new Set()
  #bits = new Uint32Array(0)

  has(id: string): boolean {
    if (this.#exact !== null) return this.#exact.has(id)
    const [first, step] = hashesOf(id)
    for (let at = 0; at < PER_ID; at += 1) {
      const bit = bitAt(first, step, at)
      if (((this.#bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false
    }
    return true
  }

  add(id: string): void {
    if (this.#exact === null) {
      this.#mark(id)
      return
    }
    this.#exact.add(id)
    if (this.#exact.size < EXACT) return
    this.#bits = new Uint32Array(2 ** (BITS - 5))
    for (const one of this.#exact) this.#mark(one)
    this.#exact = null
  }

  #mark(id: string): void {
    const [first, step] = hashesOf(id)
    for (let at = 0; at < PER_ID; at += 1) {
      const bit = bitAt(first, step, at)
      this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] ?? 0) | (1 << (bit & 31))
    }
  }
}

const bitAt = (first: number, step: number, at: number): number => (first + Math.imul(at, step)) >>> (32 - BITS)

/** Two independent ones: FNV-1a with two multipliers, their bits mixed as MurmurHash3 ends. */
function hashesOf(id: string): readonly [number, number] {
  let first = 0x811c9dc5
  let second = 0x9e3779b9
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at)
    first = Math.imul(first ^ code, 0x01000193)
    second = Math.imul(second ^ code, 0x85ebca6b)
  }
  return [mixed(first), mixed(second) | 1]
}

function mixed(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return mix ^ (mix >>> 16)
}

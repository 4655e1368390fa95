const PIECES = 4

/**
 * A map that forgets, so that a session of any length takes bounded memory: it holds the entries set last, at least as many as it is told and
 * about a quarter more. They go by the piece, since a map that loses its oldest one by one is slow to look at.
 */
export class RecentMap<Key, Value> {
  readonly #piece: number
  #young = new Map<Key, Value>()
  /** The youngest first. */
  #older: readonly ReadonlyMap<Key, Value>[] = []

  constructor(least: number) {
    this.#piece = Math.ceil(least / PIECES)
  }

  get(key: Key): Value | undefined {
    const found = this.#young.get(key)
    if (found !== undefined) return found
    return this.#older.find((piece) => piece.has(key))?.get(key)
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value)
    if (this.#young.size < this.#piece) return
    this.#older = [this.#young, ...this.#older].slice(0, PIECES)
    this.#young = new Map()
  }
}

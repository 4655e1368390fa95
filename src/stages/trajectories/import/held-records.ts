/** Held at most: a session of nothing else must not grow in memory. */
const MOST = 64

/** The largest answer that is held while its lines still come. */
export const MOST_BYTES = 32 << 20

/** Records of a session that are no message. They wait for the next message and go into its `extra`, so that they keep their place. */
export class HeldRecords {
  #held: unknown[] = []

  add(record: unknown): void {
    this.#held.push(record)
  }

  get isFull(): boolean {
    return this.#held.length >= MOST
  }

  take(): readonly unknown[] {
    const held = this.#held
    this.#held = []
    return held
  }
}

import { closeSync, openSync, readSync } from 'node:fs'

const NEAR_BYTES = 16 << 20
/** A history may be repeated as often as this, which bounds what a short hostile file can blow up to. */
const REPEATS = 16
const STEP = 64
const FIRST_CREDIT = 1 << 20

/** Where a line lies in its file. */
export interface LinePlace {
  readonly offset: number
  readonly length: number
  /** It counts up as the file goes on. */
  readonly age: number
}

/**
 * The last lines of a session, for the compaction that repeats some of their messages. Compactions are rare, so that these are read again
 * instead of being held. Those further back count as lost.
 */
export class RecentLines {
  readonly #path: string
  #age = 0
  #size = 0
  #credit = FIRST_CREDIT

  constructor(path: string) {
    this.#path = path
  }

  /** The age of a line that was just read. */
  add(length: number): number {
    const age = this.#age
    this.#size += length + STEP
    this.#credit += length * REPEATS
    if (this.#size < NEAR_BYTES / 2) return age
    this.#age += 1
    this.#size = 0
    return age
  }

  /** Null where it lies too far back, or the file has asked for too much. An error of the disk is thrown. */
  get({ offset, length, age }: LinePlace): Buffer | null {
    return age < this.#age - 1 || !this.spend(length) ? null : readAt(this.#path, offset, length)
  }

  spend(size = 0): boolean {
    this.#credit -= size + STEP
    return this.#credit > 0
  }
}

function readAt(path: string, offset: number, length: number): Buffer {
  const descriptor = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(length)
    readSync(descriptor, bytes, 0, length, offset)
    return bytes
  } finally {
    closeSync(descriptor)
  }
}

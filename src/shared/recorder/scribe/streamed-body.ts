import { pieceOf, type TimedPiece } from '../log/index.js'
import { Scrubber, type Secrets } from '../redact/index.js'

/** Longer answers are kept, and read up to here. */
export const LARGEST_READ = 64 << 20

/** A body that is written as it comes. */
export class StreamedBody {
  readonly #scrubber: Scrubber
  #waiting: TimedPiece[] = []
  #read: Buffer[] = []
  #bytes = 0

  constructor(secrets: Secrets) {
    this.#scrubber = new Scrubber(secrets)
  }

  push(ms: number, chunk: Buffer): void {
    this.#take(ms, this.#scrubber.push(chunk))
  }

  /** Nothing comes any more. @returns the text, and whether it is all of it */
  finish(ms: number): { readonly text: string; readonly isAll: boolean } {
    this.#take(ms, this.#scrubber.finish())
    const text = Buffer.concat(this.#read).toString('utf8')
    this.#read = []
    return { text, isAll: this.#bytes <= LARGEST_READ }
  }

  /** What came since the last time. */
  takeWaiting(): readonly TimedPiece[] {
    const waiting = this.#waiting
    this.#waiting = []
    return waiting
  }

  #take(ms: number, bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#waiting.push([ms, pieceOf(bytes)])
    this.#bytes += bytes.length
    if (this.#bytes <= LARGEST_READ) this.#read.push(bytes)
  }
}

import { pieceOf, type Piece, type WireLog } from '../log/index.js'
import { redactDocument, scrub, Scrubber, type Secrets } from '../redact/index.js'
import { decode } from '../decode.js'

/** Larger ones are kept, and not read. */
export const LARGEST_READ = 128 << 20

export interface FinishedBody {
  readonly pieces: readonly Piece[]
  /** Null where it cannot be read. */
  readonly text: string | null
  /** How it still is compressed. */
  readonly encoding?: string
}

/** How a body is told. */
export interface BodyHead {
  readonly encoding: string
  readonly type: string
  /** Whether it is a call to a model; anything else may hold a login's keys. */
  readonly isKnown: boolean
}

/** A body that is looked at when it is whole. */
export class HeldBody {
  readonly #log: WireLog
  readonly #secrets: Secrets
  #chunks: Buffer[] = []
  #bytes = 0
  #scrubber: Scrubber | undefined
  #spilled: Piece[] = []

  constructor(log: WireLog, secrets: Secrets) {
    this.#log = log
    this.#secrets = secrets
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes > LARGEST_READ) this.#spill()
  }

  finish(head: BodyHead): FinishedBody {
    if (this.#scrubber !== undefined) {
      this.#spill()
      const rest = this.#scrubber.finish()
      return { pieces: [...this.#spilled, ...this.#log.rawPiecesOf(rest)], text: null }
    }
    const bytes = Buffer.concat(this.#chunks)
    this.#chunks = []
    const decoded = decode(bytes, head.encoding)
    if (decoded === null) return { pieces: this.#log.rawPiecesOf(bytes), text: null, encoding: head.encoding }
    const clean = scrub(decoded, this.#secrets)
    if (!head.isKnown) return this.#unknown(clean, head.type)
    return { pieces: this.#log.piecesOf(clean), text: clean.toString('utf8') }
  }

  #unknown(bytes: Buffer, type: string): FinishedBody {
    const piece = pieceOf(bytes)
    if (typeof piece !== 'string') return { pieces: this.#log.rawPiecesOf(bytes), text: null }
    const { kept, secrets } = redactDocument(piece, type)
    this.#secrets.add(secrets)
    return { pieces: this.#log.piecesOf(Buffer.from(kept)), text: null }
  }

  #spill(): void {
    this.#scrubber ??= new Scrubber(this.#secrets)
    for (const chunk of this.#chunks) this.#spilled.push(...this.#log.rawPiecesOf(this.#scrubber.push(chunk)))
    this.#chunks = []
  }
}

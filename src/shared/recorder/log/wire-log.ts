import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { stretchesOf } from './cuts.js'
import { LOG_FILE, type LogLine, type Piece } from './entry.js'

const FLUSH_CHARACTERS = 1 << 20
/** Longer ones lie in several blobs, so that no line is longer than a reader takes. */
const LONGEST_BLOB = 8 << 20
/** What lies between the stretches of a body is short; where it is not, it may come again too. */
const LONGEST_INLINE = 1 << 10
const MOST_KNOWN = 200_000

/** `wire.jsonl` as it is written: append only, each blob once. Errors of the disk are thrown. */
export class WireLog {
  readonly #fd: number
  #lines: string[] = []
  #waiting = 0
  #blobs = 0
  #known = new Map<string, number>()

  constructor(folder: string) {
    this.#fd = openSync(path.join(folder, LOG_FILE), 'a', 0o600)
  }

  add(line: LogLine): void {
    const text = JSON.stringify(line)
    this.#lines.push(text)
    this.#waiting += text.length
    if (this.#waiting > FLUSH_CHARACTERS) this.flush()
  }

  /** A body as pieces; what was there before is only named. */
  piecesOf(body: Buffer): readonly Piece[] {
    const pieces: Piece[] = []
    let at = 0
    for (const { start, end } of stretchesOf(body)) {
      this.#between(body.subarray(at, start), pieces)
      this.#blob(body.subarray(start, end), pieces)
      at = end
    }
    this.#between(body.subarray(at), pieces)
    return pieces
  }

  /** Bytes as blobs that nobody cut where they mean something. */
  rawPiecesOf(bytes: Buffer): readonly Piece[] {
    const pieces: Piece[] = []
    this.#blob(bytes, pieces)
    return pieces
  }

  flush(): void {
    if (this.#lines.length === 0) return
    const text = `${this.#lines.join('\n')}\n`
    this.#lines = []
    this.#waiting = 0
    writeFileSync(this.#fd, text)
  }

  sync(): void {
    this.flush()
    fdatasyncSync(this.#fd)
  }

  close(): void {
    try {
      this.sync()
    } finally {
      closeSync(this.#fd)
    }
  }

  #between(bytes: Buffer, pieces: Piece[]): void {
    if (bytes.length > LONGEST_INLINE) this.#blob(bytes, pieces)
    else if (bytes.length > 0) pieces.push(pieceOf(bytes))
  }

  #blob(bytes: Buffer, pieces: Piece[]): void {
    for (const part of partsOf(bytes)) {
      const id = this.#idOf(part)
      const last = pieces.at(-1)
      if (Array.isArray(last) && last[1] === id - 1) pieces[pieces.length - 1] = [last[0] as number, id]
      else pieces.push([id, id])
    }
  }

  #idOf(bytes: Buffer): number {
    const digest = createHash('sha256').update(bytes).digest('hex')
    const known = this.#known.get(digest)
    if (known !== undefined) return known
    // Of a session longer than any, what comes again is stored again.
    if (this.#known.size >= MOST_KNOWN) this.#known = new Map()
    const id = ++this.#blobs
    this.#known.set(digest, id)
    const piece = pieceOf(bytes)
    this.add(
      typeof piece === 'string' ? { type: 'blob', id, digest, text: piece } : { type: 'blob', id, digest, ...piece },
    )
    return id
  }
}

/** Bytes as text where they are text. */
export const pieceOf = (bytes: Buffer): string | { readonly base64: string } =>
  isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') }

function* partsOf(bytes: Buffer): Generator<Buffer> {
  let at = 0
  while (bytes.length - at > LONGEST_BLOB) {
    const end = characterStart(bytes, at + LONGEST_BLOB)
    yield bytes.subarray(at, end)
    at = end
  }
  if (at < bytes.length) yield bytes.subarray(at)
}

/** The place, or one of the three before it, at which no character of UTF-8 is cut. */
function characterStart(bytes: Buffer, at: number): number {
  for (let start = at; start > at - 4; start -= 1) if (((bytes[start] ?? 0) & 0xc0) !== 0x80) return start
  return at
}

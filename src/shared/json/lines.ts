import { createReadStream } from 'node:fs'

/** One line of a file, without its line feed. */
export interface Line {
  /** 1-based. */
  readonly number: number
  /** Null where the line is longer than the limit; its bytes were passed over. */
  readonly bytes: Buffer | null
  /** Where it begins in the file, in bytes. */
  readonly offset: number
}

const LINE_FEED = 0x0a
const CHUNK_BYTES = 1 << 18

/** Reads a file line by line in bounded memory: a line above `maxBytes` comes as null. An error of the disk is thrown. */
export async function* readLines(file: string, maxBytes: number): AsyncGenerator<Line> {
  for await (const lines of readLineGroups(file, maxBytes)) {
    for (const line of lines) yield line
  }
}

/** The same lines, those together that one look at the disk brings: a step each takes longer than a short line's work. */
export async function* readLineGroups(file: string, maxBytes: number): AsyncGenerator<readonly Line[]> {
  const cutter = new LineCutter(maxBytes)
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    const lines = cutter.push(chunk)
    if (lines.length > 0) yield lines
  }
  const last = cutter.finish()
  if (last !== null) yield [last]
}

/** Cuts a file that comes in chunks into lines. */
class LineCutter {
  readonly #maxBytes: number
  #number = 1
  #offset = 0
  /** Of the line that goes on. */
  #pieces: Buffer[] = []
  #length = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The lines that end in the chunk. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = []
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#add(chunk.subarray(start, end))
      lines.push(this.#take())
      start = end + 1
    }
    if (start < chunk.length) this.#add(chunk.subarray(start))
    return lines
  }

  /** A last line without a line feed. */
  finish(): Line | null {
    return this.#length > 0 ? this.#take() : null
  }

  #add(piece: Buffer): void {
    this.#length += piece.length
    if (this.#length <= this.#maxBytes) this.#pieces.push(piece)
    else this.#pieces = []
  }

  #take(): Line {
    const bytes = this.#length > this.#maxBytes ? null : whole(this.#pieces)
    const line = { number: this.#number, bytes, offset: this.#offset }
    this.#number += 1
    this.#offset += this.#length + 1
    this.#pieces = []
    this.#length = 0
    return line
  }
}

/** Most lines lie in one chunk, and are not copied out of it. */
function whole(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
}

import { failed, type Result } from '../../../nouns/index.js'
import { readLineGroups, type Line } from '../text/index.js'
import { invalid, parseBytes } from './document.js'

export interface JsonLine {
  readonly value: Result<unknown>
  /** As it stands in the file; none where the line is too long. */
  readonly bytes: Buffer
  /** Where it begins in the file, in bytes. */
  readonly offset: number
  /** 1-based. */
  readonly number: number
  /** `file:line`, for failures. */
  readonly where: string
}

/** Longest line, in bytes: images fit, a hostile file does not. */
export const MAX_LINE_BYTES = 64 << 20

/** Every line of a JSONL file that is not blank, in bounded memory; one that cannot be read is a failure with its place. */
export async function* readJsonLines(path: string, maxBytes = MAX_LINE_BYTES): AsyncGenerator<JsonLine> {
  for await (const lines of readJsonLineGroups(path, maxBytes)) {
    for (const line of lines) yield line
  }
}

/** The same lines, those together that one look at the disk brings; each is parsed when it is asked for. */
export async function* readJsonLineGroups(path: string, maxBytes = MAX_LINE_BYTES): AsyncGenerator<Iterable<JsonLine>> {
  for await (const lines of readLineGroups(path, maxBytes)) yield jsonLines(lines, path, maxBytes)
}

function* jsonLines(lines: readonly Line[], path: string, maxBytes: number): Generator<JsonLine> {
  for (const { bytes, number, offset } of lines) {
    const where = `${path}:${number}`
    if (bytes === null) {
      const value = failed(invalid(where, `this line is longer than ${maxBytes} bytes`))
      yield { value, bytes: NONE, offset, number, where }
    } else if (!isBlank(bytes)) {
      yield { value: parseBytes(bytes, path, number), bytes, offset, number, where }
    }
  }
}

const NONE = Buffer.alloc(0)

const isBlank = (bytes: Buffer): boolean => bytes.length < 100 && bytes.toString('utf8').trim() === ''

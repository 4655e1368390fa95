import { createReadStream } from 'node:fs'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { ElementScanner, type Scanned } from './element-scanner.js'
import type { Element, Problem } from './element-token.js'
import { MAX_NESTING } from '../../../shared/json/index.js'

export interface ElementLimits {
  /** Longest element, in bytes, that is held. */
  readonly maxElementBytes: number
  /** How much of the file is read at once, in bytes. */
  readonly chunkBytes?: number
}

const CHUNK_BYTES = 1 << 18

/**
 * Reads a JSON document of any length by element, in memory that its longest element bounds. A list gives its elements; an object its fields,
 * and where a field is a list, that list's elements: `{"info": {…}, "runs": [{…}, {…}]}` gives `info`, `runs[0]` and `runs[1]`.
 * What is empty comes whole: `runs` with the bytes `[]`. A field that is there twice comes twice.
 *
 * An element over the limit, or nested more than {@link MAX_NESTING} deep, is a failure with its place and the next one follows; where the document
 * itself is cut or malformed, a failure is the last that comes. The text of an element is left to its reader to parse. An error of the disk is thrown.
 */
export async function* readElements(file: string, limits: ElementLimits): AsyncGenerator<Result<Element>> {
  const { maxElementBytes, chunkBytes = CHUNK_BYTES } = limits
  const scanner = new ElementScanner(maxElementBytes)
  const resultOf = (item: Scanned): Result<Element> =>
    'element' in item ? done(item.element) : failed(failureOf(item.problem, file, maxElementBytes))
  for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    for (const item of scanner.push(chunk)) yield resultOf(item)
    if (scanner.stopped) return
  }
  for (const item of scanner.finish()) yield resultOf(item)
}

function failureOf({ why, line, column }: Problem, file: string, maxBytes: number): Failure {
  const where = `${file}:${line}:${column}`
  const wrong = { kind: 'input', code: 'import.invalid', where } as const
  const remedy = 'correct the file at this place, or leave it out'
  switch (why) {
    case 'cut':
      return { ...wrong, message: 'not JSON: the file ends too early', remedy }
    case 'syntax':
      return { ...wrong, message: 'not JSON', remedy }
    case 'too-deep':
      return { ...wrong, message: `nested more than ${MAX_NESTING} deep`, remedy }
    case 'too-large':
      return {
        ...wrong,
        code: 'import.too-large',
        message: `one value has more than ${maxBytes} bytes`,
        remedy: 'split it, or write its parts as JSONL, one a line',
      }
  }
}

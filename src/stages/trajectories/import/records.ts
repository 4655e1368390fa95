import { failed, type Result } from '../../../nouns/index.js'
import { readElements, type Element } from '../text/index.js'
import { invalid, parseBytes, readDocument } from './document.js'
import type { ImportSource, SourceHead } from './importer.js'
import { readJsonLines } from './json-lines.js'

/** One of the records that a file holds. */
export interface SourceRecord {
  readonly value: Result<unknown>
  /** 0-based. */
  readonly index: number
  /** For failures. */
  readonly where: string
}

export type RecordSource = Pick<ImportSource, 'path' | 'bytes' | 'head' | 'maxDocumentBytes'>

/**
 * The records of a JSON file: its lines, the elements of a list, or the one document that it is. Memory holds one of them; what cannot be
 * read is a failure with its place, and the others follow.
 */
export async function* recordsOf(source: RecordSource): AsyncGenerator<SourceRecord> {
  const { path, head, maxDocumentBytes } = source
  if (isJsonl(path)) yield* linesOf(path)
  else if (isList(head)) yield* elementsOf(source)
  else if (await holdsLines(source)) yield* linesOf(path)
  else yield { value: await readDocument(path, maxDocumentBytes), index: 0, where: path }
}

export const isList = ({ path, text }: SourceHead): boolean => !isJsonl(path) && text.trimStart().startsWith('[')

/** The elements of a file that is a list, whatever its ending. */
export async function* elementsOf({ path, maxDocumentBytes }: RecordSource): AsyncGenerator<SourceRecord> {
  let index = 0
  for await (const element of readElements(path, { maxElementBytes: maxDocumentBytes })) {
    yield element.ok ? elementFrom(element.value, path, index) : { value: element, index, where: path }
    index += 1
  }
}

async function* linesOf(path: string): AsyncGenerator<SourceRecord> {
  let index = 0
  for await (const { value, where } of readJsonLines(path)) {
    yield { value, index, where }
    index += 1
  }
}

function elementFrom({ path: steps, bytes, line, column }: Element, path: string, index: number): SourceRecord {
  const where = `${path}:${line}, record ${index + 1}`
  const value = steps.length === 0 ? failed(invalid(path, 'the list is empty')) : parseBytes(bytes, path, line, column)
  return { value, index, where }
}

const isJsonl = (path: string): boolean => path.toLowerCase().endsWith('.jsonl')

/** A document over several lines has a first line that is no JSON, and a document of one line has no second. */
async function holdsLines({ path, bytes, head, maxDocumentBytes }: RecordSource): Promise<boolean> {
  // A first line without an end in sight is not worth reading gigabytes for.
  if (bytes > maxDocumentBytes && !head.text.includes('\n')) return false
  let isFirst = true
  for await (const { value } of readJsonLines(path)) {
    if (!isFirst) return true
    if (!value.ok) return false
    isFirst = false
  }
  return false
}

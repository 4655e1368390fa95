import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { done, failed, Review, type Failure, type Result, type ReviewedMessage } from '../../nouns/index.js'
import { digestOfValue, diskFailure, idsIn, placeOf } from '../project/index.js'
import type { PlaceOfEntry } from './resolve.js'

/** A review as it lies in `reviews/<trajectory>.yaml`. */
export interface ReadReview {
  readonly file: string
  readonly entries: readonly ReviewedMessage[]
  /** Of the entries: what else the review says does not change what is taught. */
  readonly digest: string
  readonly placeOf: PlaceOfEntry
}

/** All reviews of a project by trajectory. Failure: `review.invalid` with file and line. */
export async function readReviews(folder: string): Promise<Result<ReadonlyMap<string, ReadReview>>> {
  const ids = await idsIn(folder, '.yaml')
  if (!ids.ok) return ids
  const reviews = new Map<string, ReadReview>()
  for (const id of ids.value) {
    const file = placeOf(folder, id, '.yaml')
    if (!file.ok) return file
    const read = await readReview(file.value)
    if (!read.ok) return read
    if (read.value.trajectory !== id) return failed(otherTrajectory(file.value, read.value.trajectory))
    reviews.set(id, read.value.review)
  }
  return done(reviews)
}

interface Read {
  readonly trajectory: string
  readonly review: ReadReview
}

async function readReview(file: string): Promise<Result<Read>> {
  try {
    return parseReview(await readFile(file, 'utf8'), file)
  } catch (error) {
    const onDisk = error instanceof Error && 'errno' in error
    // Aliases that multiply and nesting that exhausts the stack are thrown, not listed.
    return failed(
      onDisk ? diskFailure(error, file) : invalid(file, error instanceof Error ? error.message : String(error)),
    )
  }
}

function parseReview(text: string, file: string): Result<Read> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [syntax] = document.errors
  if (syntax !== undefined) {
    return failed(invalid(`${file}:${lines.linePos(syntax.pos[0]).line}`, syntax.message.split('\n')[0] ?? 'not YAML'))
  }
  const parsed = Review.safeParse(document.toJS())
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = `${file}:${lineOf(document, lines, issue?.path ?? [])}`
    const field = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
    return failed(invalid(where, `${field}${issue?.message ?? 'invalid'}`))
  }
  const { trajectory, messages: entries } = parsed.data
  const placeOfEntry = (index: number): string => `${file}:${lineOf(document, lines, ['messages', index])}`
  return done({ trajectory, review: { file, entries, digest: digestOfValue(entries), placeOf: placeOfEntry } })
}

/** The line of the closest thing on a path that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { readonly range?: readonly number[] } | undefined
    const at = node?.range?.[0]
    if (at !== undefined) return lines.linePos(at).line
  }
  return 1
}

const invalid = (where: string, message: string): Failure => ({
  kind: 'input',
  code: 'review.invalid',
  message,
  where,
  remedy: 'correct it: format limi.review/1, trajectory, messages with message, use (train, context or cut) and why',
})

const otherTrajectory = (file: string, trajectory: string): Failure => ({
  kind: 'input',
  code: 'review.invalid',
  message: `it is a review of ${trajectory}`,
  where: file,
  remedy: `name it ${trajectory}.yaml`,
})

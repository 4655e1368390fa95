import { field, isFields, omit, type Fields } from '../../json/index.js'
import { EXACT, KIND } from '../marks.js'
import type { Part } from './parts.js'

/** Where a candidate holds what limi says of its parts, an object a part. */
export const MARKS = 'limi_parts'

const NAMES = [EXACT, KIND] as const

const marksIn = (fields: Fields): Fields =>
  Object.fromEntries(NAMES.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))

/** Parts as the API has them, and the marks of each; null where there are none. */
export function withoutMarks(parts: readonly Part[]): { plain: readonly Part[]; marks: readonly Fields[] | null } {
  const marks = parts.map(marksIn)
  const isMarked = marks.some((one) => Object.keys(one).length > 0)
  return { plain: parts.map((part) => omit(part, ...NAMES) as Part), marks: isMarked ? marks : null }
}

/** Parts with the marks that their candidate holds of them. */
export function withMarks(parts: readonly Part[], candidate: unknown): readonly Part[] {
  const marks = field(candidate, MARKS)
  if (!Array.isArray(marks)) return parts
  return parts.map((part, at): Part => {
    const own: unknown = marks[at]
    return isFields(own) ? { ...part, ...marksIn(own) } : part
  })
}

import { canonicalJson } from '../../../../shared/project/index.js'
import { omit } from '../omit.js'
import { fieldsOf, type Fields } from '../values.js'

/** Key in ATIF's `extra` fields under which the export keeps what ATIF has no place for. */
export const LIMI = 'limi'

/** What turns a value that was read from ATIF's own fields into the one that was exported. */
export interface Changes {
  readonly set?: Fields
  readonly unset?: readonly string[]
}

/** Null where the two are equal as JSON. */
export function changesBetween(native: object, original: object): Changes | null {
  const [before, after] = [native as Fields, original as Fields]
  const isDifferent = (key: string): boolean => !Object.hasOwn(before, key) || !equal(before[key], after[key])
  const set = Object.entries(after).filter(([key, value]) => value !== undefined && isDifferent(key))
  const unset = Object.keys(before).filter((key) => before[key] !== undefined && after[key] === undefined)
  if (set.length === 0 && unset.length === 0) return null
  return {
    ...(set.length === 0 ? {} : { set: Object.fromEntries(set) }),
    ...(unset.length === 0 ? {} : { unset }),
  }
}

/** @param given whatever stands under `limi`: it comes from a file */
export function changed(native: object, given: unknown): Fields {
  const { set, unset } = fieldsOf(given)
  const names = Array.isArray(unset) ? (unset as unknown[]).map(String) : []
  return { ...omit(native as Fields, ...names), ...fieldsOf(set) }
}

/** An `extra` without what limi put there, and that; undefined for an `extra` that held nothing else. */
export function withoutLimi(extra: Fields | null | undefined): {
  readonly limi: unknown
  readonly extra?: Fields | null
} {
  if (extra === null || extra === undefined) return { limi: undefined, extra }
  const { [LIMI]: limi, ...rest } = extra
  if (limi === undefined) return { limi, extra }
  return { limi, ...(Object.keys(rest).length === 0 ? {} : { extra: rest }) }
}

/** Without the fields that are undefined; undefined where none is left. */
export function present(fields: Fields): Fields | undefined {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined)
  return there.length === 0 ? undefined : Object.fromEntries(there)
}

const equal = (a: unknown, b: unknown): boolean => a === b || canonicalJson(a ?? null) === canonicalJson(b ?? null)

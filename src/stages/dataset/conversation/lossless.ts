import { done, failed, type Result } from '../../../nouns/index.js'
import { ExactJson } from './exact-json.js'

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const STRING = /"[^"\\]*(?:\\[^][^"\\]*)*"/g
const NOT_FINITE = /NaN|-?Infinity/g
const INTEGER_LIKE = /^(?:0|[1-9]\d*)$/
/** Python's `int` refuses a longer literal. */
const MOST_DIGITS = 4300

/**
 * Tool arguments as Python's `json.loads` reads them. What a JavaScript value cannot hold (1.0, integers beyond 2^53, keys that JavaScript would
 * reorder, NaN) stays `ExactJson`, which templates print as Python would. Text that is no JSON stays text.
 */
export function parseArguments(text: string): Result<unknown> {
  const bare = text.replaceAll(STRING, '""')
  const value = parsed(text) ?? parsed(withoutNotFinite(text, bare))
  if (value === undefined) return done(text)
  const numbers = bare.match(NUMBER) ?? []
  const long = numbers.find((literal) => /^-?\d+$/.test(literal) && literal.length > MOST_DIGITS)
  if (long !== undefined) return failed(unprintable(`the integer ${long.slice(0, 20)}… of ${long.length} digits`))
  const exact = !NOT_FINITE_ONCE.test(bare) && numbers.every(isKept) && reorderedKey(value.json) === null
  return done(exact ? value.json : new ExactJson(text))
}

/** Values that were parsed long ago, for example a tool's JSON Schema: where it matters how they were written, that is not known any more. */
export function requirePrintable<T>(value: T): Result<T> {
  const number = allNumbers(value).find((each) => !isUnambiguous(each))
  if (number !== undefined) return failed(unprintable(`the number ${Object.is(number, -0) ? '-0' : String(number)}`))
  const key = reorderedKey(value)
  return key === null ? done(value) : failed(unprintable(`the key ${JSON.stringify(key)}`))
}

const NOT_FINITE_ONCE = /NaN|Infinity/

function parsed(text: string | null): { readonly json: unknown } | undefined {
  if (text === null) return undefined
  try {
    return { json: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

/** Python reads NaN and Infinity as JSON: the text with a number in their place, strings left out; null without any. */
function withoutNotFinite(text: string, bare: string): string | null {
  if (!NOT_FINITE_ONCE.test(bare)) return null
  const strings = text.match(STRING) ?? []
  let next = 0
  return bare.replaceAll(NOT_FINITE, '0').replaceAll('""', () => strings[next++] ?? '')
}

/** Whether JavaScript's value of a literal is Python's: an int that both hold, or a fraction, which both read as the same float. */
function isKept(literal: string): boolean {
  const value = Number(literal)
  return Number.isInteger(value) ? String(value) === literal && isUnambiguous(value) : Number.isFinite(value)
}

/** A whole number beyond 2^53 may have been an int or a float in JSON, -0 either. */
const isUnambiguous = (value: number): boolean =>
  !Number.isInteger(value) ? Number.isFinite(value) : Number.isSafeInteger(value) && !Object.is(value, -0)

/** JavaScript moves keys that look like array indices to the front. */
function reorderedKey(value: unknown): string | null {
  if (value === null || typeof value !== 'object') return null
  if (!Array.isArray(value)) {
    const keys = Object.keys(value)
    const moved = keys.length > 1 ? keys.find((key) => INTEGER_LIKE.test(key)) : undefined
    if (moved !== undefined) return moved
  }
  for (const inner of Object.values(value)) {
    const found = reorderedKey(inner)
    if (found !== null) return found
  }
  return null
}

function allNumbers(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(allNumbers)
}

const unprintable = (what: string) => ({
  kind: 'input' as const,
  code: 'value.prints-differently',
  message: `${what} may be printed in another way than the model's own template engine prints it`,
  remedy: 'leave this trajectory out of the selection: training on changed text would teach what the model never said',
})

import { EngineError } from './errors.js'
import { readJson } from './read-json.js'
import { PyDict, type Key, type Value } from './values.js'
import { ExactJson } from '../../conversation/index.js'

/** Values already changed: messages are never mutated, and a rendering of a beginning of a conversation meets the same ones again. */
const known = new WeakMap<object, Value>()

/** A JSON value as Python has it: a number without a fraction is an int, unless its exact text says otherwise. */
export function fromJson(value: unknown): Value {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (typeof value !== 'object') throw new TypeError(`a template takes no ${typeof value}`)
  const before = known.get(value)
  if (before !== undefined) return before
  const made = fromObject(value)
  known.set(value, made)
  return made
}

function fromObject(value: object): Value {
  if (value instanceof ExactJson) return readJson(wellFormed(value.text))
  if (Array.isArray(value)) return value.map(fromJson)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return new PyDict(new Map<Key, Value>(entries.map(([key, item]) => [wellFormed(key), fromJson(item)])))
}

/** Two halves of a surrogate pair that meet in the rendering would be one character here and two in Python. */
function wellFormed(text: string): string {
  if (text.isWellFormed()) return text
  throw new EngineError('text.invalid', 'a text holds half of a surrogate pair, which no tokeniser can read back')
}

import { raise, unsure } from './errors.js'
import { codePoints, countPoints } from './points.js'

/**
 * A value as Python has it: `bigint` is int, `number` float, an array list. Nothing here is ever changed after it is made, but a namespace:
 * the sandbox that transformers renders in forbids changes too.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | PyTuple
  | PyDict
  | PyUndefined
  | PyFunction
  | PyNamespace
  | PyRange
  | PyIterator
  | PyView
  | PyLoop
  | PyMarkup

export type Key = string | bigint | null

export class PyTuple {
  constructor(readonly items: readonly Value[]) {}
}

export class PyDict {
  constructor(readonly entries: ReadonlyMap<Key, Value>) {}
}

/** What a name or a field that is not there gives; most uses of it raise its message. */
export class PyUndefined {
  constructor(readonly message: string) {}
}

export interface CallArguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

export class PyFunction {
  constructor(
    readonly name: string,
    readonly call: (args: CallArguments) => Value,
  ) {}
}

export class PyNamespace {
  constructor(readonly names: Map<string, Value>) {}
}

export class PyRange {
  constructor(readonly items: readonly bigint[]) {}
}

/** A generator: it is gone through once. */
export class PyIterator {
  constructor(readonly source: Iterator<Value>) {}
}

/** `keys()`, `values()` or `items()` of a dict. */
export class PyView {
  constructor(
    readonly name: 'dict_keys' | 'dict_values' | 'dict_items',
    readonly items: readonly Value[],
  ) {}
}

/** The variable `loop`. */
export class PyLoop {
  constructor(
    readonly items: readonly Value[],
    readonly index0: number,
    /** What `loop.changed` was called with last, over all rounds of the loop. */
    readonly memory: { changed: readonly Value[] | null },
  ) {}
}

/** What the filter `safe` gives: a text that escapes what is added to it. */
export class PyMarkup {
  constructor(readonly text: string) {}
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value)
export const isText = (value: Value): value is string | PyMarkup =>
  typeof value === 'string' || value instanceof PyMarkup
export const isNumeric = (value: Value): value is boolean | bigint | number =>
  typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number'

export function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float'
  if (typeof value === 'string') return 'str'
  if (isList(value)) return 'list'
  if (value instanceof PyTuple) return 'tuple'
  if (value instanceof PyDict) return 'dict'
  if (value instanceof PyRange) return 'range'
  if (value instanceof PyView) return value.name
  return value.constructor.name.replace(/^Py/, '')
}

export function isTrue(value: Value): boolean {
  if (value === null || value instanceof PyUndefined) return false
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value !== 0n
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'string') return value !== ''
  if (isList(value)) return value.length > 0
  if (value instanceof PyDict) return value.entries.size > 0
  if (value instanceof PyTuple || value instanceof PyRange || value instanceof PyView || value instanceof PyLoop) {
    return value.items.length > 0
  }
  return value instanceof PyMarkup ? value.text !== '' : true
}

/** What a loop goes through; null where Python's `iter` refuses. */
export function iterate(value: Value): Iterable<Value> | null {
  if (typeof value === 'string') return codePoints(value)
  if (isList(value)) return value
  if (value instanceof PyDict) return value.entries.keys()
  if (value instanceof PyTuple || value instanceof PyRange || value instanceof PyView) return value.items
  if (value instanceof PyUndefined) return []
  if (value instanceof PyIterator) return { [Symbol.iterator]: () => value.source }
  return value instanceof PyMarkup || value instanceof PyLoop ? unsure(`iteration over ${typeName(value)}`) : null
}

export const itemsOf = (value: Value): readonly Value[] => [
  ...(iterate(value) ?? raise(`'${typeName(value)}' object is not iterable`)),
]

/** Python's `len`. */
export function lengthOf(value: Value): bigint {
  if (isText(value)) return BigInt(countPoints(typeof value === 'string' ? value : value.text))
  if (isList(value)) return BigInt(value.length)
  if (value instanceof PyDict) return BigInt(value.entries.size)
  if (value instanceof PyUndefined) return 0n
  if (value instanceof PyTuple || value instanceof PyRange || value instanceof PyView || value instanceof PyLoop) {
    return BigInt(value.items.length)
  }
  return raise(`object of type '${typeName(value)}' has no len()`)
}

/** A value as the key of a dict; undefined where Python cannot hash it. True is 1 and 1.0 is 1, as Python has it. */
export function keyFor(value: Value): Key | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  if (value instanceof PyMarkup) return value.text
  return isList(value) || value instanceof PyDict ? undefined : unsure(`a key of type ${typeName(value)}`)
}

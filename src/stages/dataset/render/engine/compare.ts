import { raise } from './errors.js'
import { isPlain } from './points.js'
import type { PyMarkup } from './values.js'
import {
  isList,
  isNumeric,
  isText,
  iterate,
  keyFor,
  PyDict,
  PyRange,
  PyTuple,
  PyUndefined,
  typeName,
  type Value,
} from './values.js'

/** Python's `==`: by value, with True as 1 and 1.0 as 1. */
export function equals(a: Value, b: Value): boolean {
  if (isNumeric(a) && isNumeric(b)) return asNumber(a) == asNumber(b)
  if (isText(a) && isText(b)) return plain(a) === plain(b)
  if (isList(a)) return isList(b) && sameItems(a, b)
  if (a instanceof PyTuple) return b instanceof PyTuple && sameItems(a.items, b.items)
  if (a instanceof PyRange) return b instanceof PyRange && sameItems(a.items, b.items)
  if (a instanceof PyDict) return b instanceof PyDict && sameEntries(a, b)
  if (a instanceof PyUndefined) return b instanceof PyUndefined
  return a === b
}

const plain = (text: string | PyMarkup): string => (typeof text === 'string' ? text : text.text)
const asNumber = (value: boolean | bigint | number): bigint | number =>
  typeof value === 'boolean' ? (value ? 1n : 0n) : value

const sameItems = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.length === b.length && a.every((item, index) => equals(item, b[index] ?? null))

const sameEntries = (a: PyDict, b: PyDict): boolean =>
  a.entries.size === b.entries.size &&
  [...a.entries].every(([key, value]) => {
    const other = b.entries.get(key)
    return other !== undefined && equals(value, other)
  })

/** Below, equal (0) or above; Python raises where the two have no order. */
export function order(a: Value, b: Value): number {
  if (isText(a) && isText(b)) return comparePoints(plain(a), plain(b))
  if (isNumeric(a) && isNumeric(b)) {
    const [x, y] = [asNumber(a), asNumber(b)]
    return x < y ? -1 : x > y ? 1 : x == y ? 0 : Number.NaN
  }
  const [left, right] =
    isList(a) && isList(b) ? [a, b] : a instanceof PyTuple && b instanceof PyTuple ? [a.items, b.items] : []
  if (left !== undefined && right !== undefined) return orderItems(left, right)
  return raise(`'<' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
}

function orderItems(a: readonly Value[], b: readonly Value[]): number {
  for (const [index, item] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (!equals(item, other)) return order(item, other)
  }
  return a.length - b.length
}

/** Texts by code point; JavaScript compares UTF-16 units, which puts U+10000 and up before U+E000. */
export function comparePoints(a: string, b: string): number {
  if (isPlain(a) || isPlain(b)) {
    if (a === b) return 0
    const at = firstDifference(a, b)
    return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1)
  }
  const [left, right] = [Array.from(a), Array.from(b)]
  const at = left.findIndex((point, index) => point !== right[index])
  if (at === -1) return left.length - right.length
  return (left[at]?.codePointAt(0) ?? -1) - (right[at]?.codePointAt(0) ?? -1)
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at
}

/** Python's `in`. */
export function contains(container: Value, item: Value): boolean {
  if (isText(container)) {
    if (!isText(item)) return raise(`'in <string>' requires string as left operand, not ${typeName(item)}`)
    return plain(container).includes(plain(item))
  }
  if (container instanceof PyDict) {
    const key = keyFor(item)
    return key === undefined ? raise(`unhashable type: '${typeName(item)}'`) : container.entries.has(key)
  }
  const items = iterate(container)
  if (items === null) return raise(`argument of type '${typeName(container)}' is not iterable`)
  for (const each of items) if (each === item || equals(each, item)) return true
  return false
}

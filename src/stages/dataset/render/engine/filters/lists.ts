import { bind } from '../bind.js'
import { lower } from '../case.js'
import { order } from '../compare.js'
import { raise, unsure } from '../errors.js'
import { calculate } from '../arithmetic.js'
import { codePoints } from '../points.js'
import { str } from '../print.js'
import {
  isTrue,
  iterate,
  itemsOf,
  PyDict,
  PyIterator,
  PyMarkup,
  PyTuple,
  PyUndefined,
  typeName,
  type CallArguments,
  type Value,
} from '../values.js'
import type { Filter } from './filter.js'
import { pathGetter } from './path.js'
import { withoutArguments } from './without-arguments.js'

/** Filters that go through a list or order it. */
export const LIST_FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['list', withoutArguments('list', itemsOf)],
  ['first', withoutArguments('first', first)],
  ['last', withoutArguments('last', last)],
  ['reverse', withoutArguments('reverse', reverse)],
  ['join', join],
  ['sort', sort],
  ['dictsort', dictsort],
  ['unique', unique],
  ['min', extreme('min', -1)],
  ['max', extreme('max', 1)],
  ['sum', sum],
])

/** Takes one item only, so that what is gone through once keeps the others. */
function first(input: Value): Value {
  const items = iterate(input) ?? raise(`'${typeName(input)}' object is not iterable`)
  const next = items[Symbol.iterator]().next()
  return next.done === true ? new PyUndefined('No first item, sequence was empty.') : next.value
}

function last(input: Value): Value {
  if (input instanceof PyIterator) return raise(`'generator' object is not reversible`)
  const items = itemsOf(input)
  return items.length === 0 ? new PyUndefined('No last item, sequence was empty.') : (items.at(-1) ?? null)
}

/** A text comes back as a text, anything else as something to go through once. */
function reverse(input: Value): Value {
  if (typeof input === 'string') return codePoints(input).toReversed().join('')
  const reversed = itemsOf(input).toReversed()
  return input instanceof PyIterator ? reversed : new PyIterator(reversed.values())
}

function join(input: Value, args: CallArguments): string {
  const [separator = '', attribute = null] = bind('join', args, ['d', 'attribute'])
  const items = itemsOf(input)
  const picked = attribute === null ? items : items.map(pathGetter(attribute))
  return picked.map(str).join(str(separator))
}

/** Texts are compared without their case, unless told otherwise. */
function keyOf(caseSensitive: Value, attribute: Value = null): (item: Value) => Value {
  const get = attribute === null ? (item: Value): Value => item : pathGetter(attribute)
  return (item) => {
    const value = get(item)
    if (value instanceof PyMarkup) return unsure('an order of texts that went through the filter safe')
    return typeof value === 'string' && !isTrue(caseSensitive) ? lower(value) : value
  }
}

function sorted(items: readonly Value[], key: (item: Value) => Value, reverse: Value): readonly Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }))
  const sign = isTrue(reverse) ? -1 : 1
  return keyed.toSorted((a, b) => sign * certain(order(a.key, b.key))).map(({ item }) => item)
}

const certain = (compared: number): number => (Number.isNaN(compared) ? unsure('an order with NaN') : compared)

function sort(input: Value, args: CallArguments): Value {
  const names = ['reverse', 'case_sensitive', 'attribute']
  const [reverse = false, caseSensitive = false, attribute = null] = bind('sort', args, names)
  if (typeof attribute === 'string' && attribute.includes(',')) return unsure('sort by several attributes')
  return sorted(itemsOf(input), keyOf(caseSensitive, attribute), reverse)
}

function dictsort(input: Value, args: CallArguments): Value {
  const [caseSensitive = false, by = 'key', reverse = false] = bind('dictsort', args, [
    'case_sensitive',
    'by',
    'reverse',
  ])
  if (by !== 'key' && by !== 'value') return raise('You can only sort by either "key" or "value"')
  if (input instanceof PyUndefined) return raise(input.message)
  if (!(input instanceof PyDict)) return raise('dictsort takes a dict')
  const compared = keyOf(caseSensitive)
  const entries = [...input.entries].map((entry) => new PyTuple(entry))
  const key = (entry: Value): Value =>
    compared(entry instanceof PyTuple ? (entry.items[by === 'key' ? 0 : 1] ?? null) : null)
  return sorted(entries, key, reverse)
}

function unique(input: Value, args: CallArguments): Value {
  const [caseSensitive = false, attribute = null] = bind('unique', args, ['case_sensitive', 'attribute'])
  const key = keyOf(caseSensitive, attribute)
  const seen = new Set<Value>()
  const kept = itemsOf(input).filter((item) => {
    const value = key(item)
    if (typeof value !== 'string') return unsure('unique of what is no text')
    if (seen.has(value)) return false
    seen.add(value)
    return true
  })
  return new PyIterator(kept.values())
}

function extreme(name: string, sign: 1 | -1): Filter {
  return (input, args) => {
    const [caseSensitive = false, attribute = null] = bind(name, args, ['case_sensitive', 'attribute'])
    const key = keyOf(caseSensitive, attribute)
    const [first, ...rest] = itemsOf(input)
    if (first === undefined) return new PyUndefined('No aggregated item, sequence was empty.')
    return rest.reduce<Value>((best, item) => (sign * certain(order(key(item), key(best))) > 0 ? item : best), first)
  }
}

function sum(input: Value, args: CallArguments): Value {
  const [attribute = null, start = 0n] = bind('sum', args, ['attribute', 'start'])
  if (typeof start === 'string') return raise("sum() can't sum strings")
  const items = itemsOf(input)
  const picked = attribute === null ? items : items.map(pathGetter(attribute))
  if (picked.some((item) => typeof item === 'number')) return unsure('a sum of floats')
  return picked.reduce<Value>((total, item) => calculate('+', total, item), start)
}

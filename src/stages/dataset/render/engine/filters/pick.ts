import { raise, unsure } from '../errors.js'
import { applyTest } from '../checks.js'
import { isTrue, iterate, PyIterator, typeName, type CallArguments, type Value } from '../values.js'
import type { Filter } from './filter.js'
import { pathGetter } from './path.js'
import { JINJA_TESTS } from '../known-names.js'

/** Filters that pick or change the items of a list one by one, when they are asked for. */
export const PICK_FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['select', pick(false, true)],
  ['reject', pick(false, false)],
  ['selectattr', pick(true, true)],
  ['rejectattr', pick(true, false)],
])

/** The input is looked at only when the result is gone through, as with Python's generators. */
export function lazily(input: Value, change: (items: Iterable<Value>) => Iterator<Value>): PyIterator {
  const items = iterate(input)
  return new PyIterator(items === null ? failing(input) : change(items))
}

function* failing(input: Value): Generator<Value> {
  yield raise(`'${typeName(input)}' object is not iterable`)
}

export function* mapped(items: Iterable<Value>, change: (item: Value) => Value): Generator<Value> {
  for (const item of items) yield change(item)
}

function* picked(items: Iterable<Value>, keep: (item: Value) => boolean): Generator<Value> {
  for (const item of items) if (keep(item)) yield item
}

function pick(byAttribute: boolean, wanted: boolean): Filter {
  return (input, { positional, named }) => {
    const [attribute, ...rest] = byAttribute ? positional : [null, ...positional]
    if (attribute === undefined) return raise('missing parameter for attribute name')
    const get = byAttribute ? pathGetter(attribute) : (item: Value): Value => item
    const [test, ...more] = rest
    const check = test === undefined ? isTrue : testOf(test, { positional: more, named })
    return lazily(input, (items) => picked(items, (item) => check(get(item)) === wanted))
  }
}

function testOf(test: Value, args: CallArguments): (item: Value) => boolean {
  if (typeof test !== 'string' || !JINJA_TESTS.has(test)) return unsure('a test by a name that is not known here')
  return (item) => applyTest(test, item, args)
}

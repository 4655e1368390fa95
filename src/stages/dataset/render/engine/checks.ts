import { hasItems, isCallable } from './attributes.js'
import { calculate } from './arithmetic.js'
import { positionals } from './bind.js'
import { casePattern } from './case.js'
import { contains, equals, order } from './compare.js'
import { JINJA_FILTERS, JINJA_TESTS } from './known-names.js'
import { unsure } from './errors.js'
import { str } from './print.js'
import {
  isNumeric,
  isText,
  iterate,
  PyDict,
  PyIterator,
  PyMarkup,
  PyUndefined,
  type CallArguments,
  type Value,
} from './values.js'

type Test = (value: Value, other: Value) => boolean

const eq: Test = equals
const below: Test = (value, other) => order(value, other) < 0
const above: Test = (value, other) => order(value, other) > 0
const notBelow: Test = (value, other) => order(value, other) >= 0
const notAbove: Test = (value, other) => order(value, other) <= 0

/** Jinja's tests of one value. */
const OF_ONE: ReadonlyMap<string, (value: Value) => boolean> = new Map<string, (value: Value) => boolean>([
  ['boolean', (value) => typeof value === 'boolean'],
  ['callable', isCallable],
  ['defined', (value) => !(value instanceof PyUndefined)],
  ['undefined', (value) => value instanceof PyUndefined],
  ['even', (value) => equals(calculate('%', value, 2n), 0n)],
  ['odd', (value) => equals(calculate('%', value, 2n), 1n)],
  ['false', (value) => value === false],
  ['true', (value) => value === true],
  ['none', (value) => value === null],
  ['float', (value) => typeof value === 'number'],
  ['integer', (value) => typeof value === 'bigint'],
  ['number', isNumeric],
  ['string', isText],
  ['mapping', (value) => value instanceof PyDict],
  ['iterable', (value) => value instanceof PyIterator || iterate(value) !== null],
  ['sequence', hasItems],
  ['lower', (value) => casePattern(str(value)) === 'lower'],
  ['upper', (value) => casePattern(str(value)) === 'upper'],
  ['escaped', (value) => value instanceof PyMarkup],
  [
    'filter',
    (value) => (typeof value === 'string' ? JINJA_FILTERS.has(value) : unsure('is filter of what is no text')),
  ],
  ['test', (value) => (typeof value === 'string' ? JINJA_TESTS.has(value) : unsure('is test of what is no text'))],
])

/** Jinja's tests of a value against another. */
const OF_TWO: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['eq', eq],
  ['==', eq],
  ['!=', (value, other) => !equals(value, other)],
  ['<', below],
  ['<=', notAbove],
  ['>', above],
  ['>=', notBelow],
  ['equalto', eq],
  ['ne', (value, other) => !equals(value, other)],
  ['lt', below],
  ['lessthan', below],
  ['le', notAbove],
  ['gt', above],
  ['greaterthan', above],
  ['ge', notBelow],
  ['in', (value, other) => contains(other, value)],
  ['divisibleby', (value, other) => equals(calculate('%', value, other), 0n)],
  ['sameas', same],
])

export function applyTest(name: string, value: Value, args: CallArguments): boolean {
  const ofOne = OF_ONE.get(name)
  if (ofOne !== undefined) {
    positionals(name, args, 0)
    return ofOne(value)
  }
  const [other = null] = positionals(name, args, 1, 1)
  const ofTwo = OF_TWO.get(name) ?? (() => unsure(`the test ${name}`))
  return ofTwo(value, other)
}

/** Two equal texts or numbers may be one object in Python or two. */
function same(value: Value, other: Value): boolean {
  if (value === null || other === null || typeof value === 'boolean' || typeof other === 'boolean')
    return value === other
  return value === other || equals(value, other) ? unsure('is sameas of two equal values') : false
}

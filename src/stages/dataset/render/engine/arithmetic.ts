import { raise, unsure } from './errors.js'
import { formatPercent } from './format.js'
import type { Operator } from './nodes.js'
import { isList, isNumeric, isText, PyMarkup, PyTuple, PyUndefined, typeName, type Value } from './values.js'

/** Longest text or list that a template may make by `*`. */
const MOST_REPEATED = 10_000_000

/** Python's binary operators, on ints of any size, floats, texts and lists. */
export function calculate(operator: Operator, left: Value, right: Value): Value {
  if (left instanceof PyUndefined) return raise(left.message)
  if (right instanceof PyUndefined) return raise(right.message)
  if (isNumeric(left) && isNumeric(right)) return onNumbers(operator, asNumber(left), asNumber(right))
  if (operator === '+') return add(left, right)
  if (operator === '*') return isNumeric(left) ? repeat(right, left) : repeat(left, right)
  if (operator === '%' && typeof left === 'string') return formatPercent(left, right)
  return mismatch(operator, left, right)
}

export function negate(value: Value): Value {
  if (value instanceof PyUndefined) return raise(value.message)
  return isNumeric(value) ? -asNumber(value) : raise(`bad operand type for unary -: '${typeName(value)}'`)
}

export function asPositive(value: Value): Value {
  if (value instanceof PyUndefined) return raise(value.message)
  return isNumeric(value) ? asNumber(value) : raise(`bad operand type for unary +: '${typeName(value)}'`)
}

const asNumber = (value: boolean | bigint | number): bigint | number =>
  typeof value === 'boolean' ? (value ? 1n : 0n) : value

const mismatch = (operator: string, left: Value, right: Value): never =>
  raise(`unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`)

function add(left: Value, right: Value): Value {
  if (typeof left === 'string' && typeof right === 'string') return left + right
  if (isText(left) && isText(right)) return addMarkup(left, right)
  if (isList(left) && isList(right)) return [...left, ...right]
  if (left instanceof PyTuple && right instanceof PyTuple) return new PyTuple([...left.items, ...right.items])
  return mismatch('+', left, right)
}

/** A text added to one that went through `safe` is escaped for HTML; where there is nothing to escape, nothing changes. */
function addMarkup(left: string | PyMarkup, right: string | PyMarkup): PyMarkup {
  const texts = [left, right].map((side) => {
    if (side instanceof PyMarkup) return side.text
    return /[&<>'"]/.test(side) ? unsure('a text added to one that went through the filter safe') : side
  })
  return new PyMarkup(texts.join(''))
}

function repeat(value: Value, times: Value): Value {
  if (typeof times !== 'bigint' && typeof times !== 'boolean') return mismatch('*', value, times)
  const count = Math.max(0, Number(times))
  const length = typeof value === 'string' ? value.length : isList(value) ? value.length : 0
  if (length * count > MOST_REPEATED) unsure(`a text or list repeated ${count} times`)
  if (typeof value === 'string') return value.repeat(count)
  if (isList(value)) return Array.from({ length: count }, () => value).flat()
  return value instanceof PyTuple || value instanceof PyMarkup
    ? unsure(`a ${typeName(value)} repeated`)
    : mismatch('*', value, times)
}

function onNumbers(operator: Operator, left: bigint | number, right: bigint | number): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return onIntegers(operator, left, right)
  const [a, b] = [asFloat(left), asFloat(right)]
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  if (operator === '**') return unsure('a power of floats')
  if (b === 0) return raise('float division by zero')
  if (operator === '/') return a / b
  return operator === '%' ? floatRemainder(a, b) : unsure(`${operator} of floats`)
}

/** It has the sign of the divisor, zero too. */
function floatRemainder(a: number, b: number): number {
  const remainder = a % b
  if (remainder === 0) return b < 0 ? -0 : 0
  return remainder < 0 !== b < 0 ? remainder + b : remainder
}

function onIntegers(operator: Operator, a: bigint, b: bigint): Value {
  if (operator === '+') return bounded(a + b)
  if (operator === '-') return bounded(a - b)
  if (operator === '*') return bounded(a * b)
  if (operator === '**') return b >= 0n && b <= 1024n ? bounded(a) && bounded(a ** b) : unsure(`the power ${b}`)
  if (b === 0n) return raise('division by zero')
  if (operator === '/') return asFloat(a) / asFloat(b)
  const remainder = a % b
  const floored = remainder !== 0n && remainder < 0n !== b < 0n
  if (operator === '%') return floored ? remainder + b : remainder
  return floored ? a / b - 1n : a / b
}

const LARGEST = 1n << 4096n

const bounded = (value: bigint): bigint =>
  value < LARGEST && value > -LARGEST ? value : unsure('arithmetic of integers beyond 4096 bits')

function asFloat(value: bigint | number): number {
  if (typeof value === 'number') return value
  const float = Number(value)
  return Number.isSafeInteger(float) ? float : unsure(`arithmetic of the large integer ${value} with a float`)
}

import { asText, bind } from '../bind.js'
import { ownAttribute } from '../attributes.js'
import { raise, unsure } from '../errors.js'
import { str } from '../print.js'
import { trimEnd, trimStart } from '../whitespace.js'
import {
  isNumeric,
  isText,
  isTrue,
  lengthOf,
  PyIterator,
  PyMarkup,
  PyDict,
  PyTuple,
  PyUndefined,
  typeName,
  type CallArguments,
  type Value,
} from '../values.js'
import type { Filter } from './filter.js'
import { withoutArguments } from './without-arguments.js'

const orElse: Filter = (input, args) => {
  const [fallback = '', falsy = false] = bind('default', args, ['default_value', 'boolean'])
  return input instanceof PyUndefined || (isTrue(falsy) && !isTrue(input)) ? fallback : input
}

const length = withoutArguments('length', lengthOf)

/** Filters that take a value of any kind. */
export const VALUE_FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['default', orElse],
  ['d', orElse],
  ['length', length],
  ['count', length],
  ['string', withoutArguments('string', (input) => (isText(input) ? input : str(input)))],
  ['safe', withoutArguments('safe', (input) => new PyMarkup(str(input)))],
  ['abs', withoutArguments('abs', absolute)],
  ['items', withoutArguments('items', items)],
  ['attr', (input, args) => attribute(input, asText('attr', bind('attr', args, ['name'], 1)[0]))],
  ['int', integer],
  ['float', float],
])

function absolute(input: Value): Value {
  if (input instanceof PyUndefined) return raise(input.message)
  if (!isNumeric(input)) return raise(`bad operand type for abs(): '${typeName(input)}'`)
  if (typeof input === 'number') return Math.abs(input)
  const whole = BigInt(input)
  return whole < 0n ? -whole : whole
}

function items(input: Value): Value {
  if (input instanceof PyUndefined) return new PyIterator([][Symbol.iterator]())
  if (!(input instanceof PyDict)) return raise('Can only get item pairs from a mapping.')
  return new PyIterator([...input.entries].map((entry): Value => new PyTuple(entry)).values())
}

function attribute(input: Value, name: string): Value {
  if (input instanceof PyUndefined) return raise(input.message)
  return ownAttribute(input, name) ?? new PyUndefined(`'${typeName(input)} object' has no attribute '${name}'`)
}

function integer(input: Value, args: CallArguments): Value {
  const [fallback = 0n, base = 10n] = bind('int', args, ['default', 'base'])
  if (base !== 10n) return unsure('the filter int with a base')
  if (input instanceof PyUndefined) return raise(input.message)
  if (typeof input === 'boolean' || typeof input === 'bigint') return BigInt(input)
  if (typeof input === 'number') return Number.isFinite(input) ? BigInt(Math.trunc(input)) : fallback
  if (typeof input !== 'string') return input instanceof PyMarkup ? unsure('int of a safe text') : fallback
  const text = asciiNumber(input)
  if (/^[+-]?\d+(_\d+)*$/.test(text)) return BigInt(text.replaceAll('_', '').replace('+', ''))
  const read = readFloat(text)
  return read !== null && Number.isFinite(read) ? BigInt(Math.trunc(read)) : fallback
}

function float(input: Value, args: CallArguments): Value {
  const [fallback = 0] = bind('float', args, ['default'])
  if (input instanceof PyUndefined) return raise(input.message)
  if (typeof input === 'number') return input
  if (isNumeric(input)) return Number.isSafeInteger(Number(input)) ? Number(input) : unsure('float of a large integer')
  if (typeof input !== 'string') return input instanceof PyMarkup ? unsure('float of a safe text') : fallback
  return readFloat(asciiNumber(input)) ?? fallback
}

/** Python reads digits of every script; here only texts without any such are answered. */
function asciiNumber(text: string): string {
  const bare = trimEnd(trimStart(text))
  return /[^\0-\x7f]/.test(bare) && /\p{Nd}/u.test(bare.replaceAll(/[\0-\x7f]/g, ''))
    ? unsure('a number in digits beyond ASCII')
    : bare
}

function readFloat(text: string): number | null {
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
  if (word !== null) {
    const size = word[2]?.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY
    return word[1] === '-' ? -size : size
  }
  if (!/^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i.test(text)) return null
  return Number(text.replaceAll('_', ''))
}

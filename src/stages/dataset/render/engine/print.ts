import { raise, unsure } from './errors.js'
import { codePoints } from './points.js'
import { settled } from './unicode.js'
import {
  isList,
  PyDict,
  PyMarkup,
  PyNamespace,
  PyRange,
  PyTuple,
  PyUndefined,
  PyView,
  typeName,
  type Value,
} from './values.js'

/** Python refuses to print longer integers (sys.int_info.default_max_str_digits). */
const MOST_DIGITS = 4300

/** Python's `str`, which is what `{{ value }}` prints. */
export function str(value: Value): string {
  if (typeof value === 'string') return value
  if (value instanceof PyUndefined) return ''
  return value instanceof PyMarkup ? value.text : repr(value)
}

/** Python's `repr`. Functions, generators and loops would print a place in memory: not known here. */
export function repr(value: Value): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint') return printInteger(value)
  if (typeof value === 'number') return printFloat(value)
  if (typeof value === 'string') return quote(value)
  if (isList(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof PyTuple) return `(${value.items.map(repr).join(', ')}${value.items.length === 1 ? ',' : ''})`
  if (value instanceof PyDict) return printPairs(value.entries)
  if (value instanceof PyView) return `${value.name}([${value.items.map(repr).join(', ')}])`
  if (value instanceof PyUndefined) return 'Undefined'
  if (value instanceof PyNamespace) return unsure('a namespace printed whole')
  return unsure(`a ${value instanceof PyRange ? 'range' : typeName(value)} printed whole`)
}

const printPairs = (entries: ReadonlyMap<Value, Value>): string =>
  `{${[...entries].map(([key, value]) => `${repr(key)}: ${repr(value)}`).join(', ')}}`

export function printInteger(value: bigint): string {
  const digits = value.toString()
  return digits.length <= MOST_DIGITS ? digits : raise(`an integer of more than ${MOST_DIGITS} digits`)
}

/** `float.__repr__`: the shortest digits that read back, with an exponent below 1e-4 and from 1e16. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', power = ''] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const sign = value < 0 ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  return `${sign}${digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')}.${digits.slice(exponent + 1) || '0'}`
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const UNPRINTABLE = /[\p{C}\p{Z}]/u

/** Single quotes, but where the text holds some and no double ones. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  if (/^[ !#-&(-[\]-~]*$/.test(text)) return `${mark}${text}${mark}`
  return (
    mark +
    codePoints(settled(text))
      .map((point) => escapePoint(point, mark))
      .join('') +
    mark
  )
}

function escapePoint(point: string, mark: string): string {
  const simple = ESCAPES[point]
  if (simple !== undefined) return simple
  if (point === mark) return `\\${point}`
  if (point === ' ' || !UNPRINTABLE.test(point)) return point
  const code = point.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

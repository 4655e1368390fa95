import { asCount, positionals } from './bind.js'
import { equals } from './compare.js'
import { raise, unsure } from './errors.js'
import { DICT_METHODS, LIST_METHODS, NUMBER_ATTRIBUTES, TUPLE_METHODS } from './known-names.js'
import { loopAttribute } from './loop.js'
import { codePoints, isPlain } from './points.js'
import { textMethod } from './text-methods.js'
import {
  isList,
  isNumeric,
  isText,
  keyFor,
  PyDict,
  PyFunction,
  PyLoop,
  PyMarkup,
  PyNamespace,
  PyRange,
  PyTuple,
  PyUndefined,
  PyView,
  typeName,
  type Value,
} from './values.js'

const absent = (object: Value, name: string): PyUndefined =>
  new PyUndefined(`'${typeName(object)} object' has no attribute '${name}'`)

/** `object.name`: a method or field of the object itself, else its item of that key. */
export function attributeOf(object: Value, name: string): Value {
  if (object instanceof PyUndefined) return raise(object.message)
  const own = ownAttribute(object, name)
  if (own !== undefined) return own
  return object instanceof PyDict ? (object.entries.get(name) ?? absentIn(object, name)) : absent(object, name)
}

/** None is a value, though `??` passes it over. */
const absentIn = (object: PyDict, key: string): Value => (object.entries.has(key) ? null : absent(object, key))

/** `object[index]`: an item, else for a name a method or field. */
export function itemOf(object: Value, index: Value): Value {
  if (object instanceof PyUndefined) return raise(object.message)
  const item = rawItem(object, index)
  if (item !== undefined) return item
  if (typeof index !== 'string') return new PyUndefined(`${typeName(object)} object has no such element`)
  return ownAttribute(object, index) ?? absent(object, index)
}

function rawItem(object: Value, index: Value): Value | undefined {
  if (object instanceof PyDict) {
    const key = keyFor(index)
    return key === undefined ? undefined : object.entries.get(key)
  }
  const items = sequence(object)
  if (items === null || (typeof index !== 'bigint' && typeof index !== 'boolean')) return undefined
  const place = asCount('an index', index)
  return items[place < 0 ? items.length + place : place]
}

function sequence(object: Value): string | readonly Value[] | null {
  if (typeof object === 'string') return isPlain(object) ? object : codePoints(object)
  if (isList(object)) return object
  if (object instanceof PyMarkup) return unsure('an item of a text that went through the filter safe')
  return object instanceof PyTuple || object instanceof PyRange ? object.items : null
}

/** `object[start:stop:step]`, by code points for a text. */
export function sliceOf(object: Value, start: Value, stop: Value, step: Value): Value {
  if (object instanceof PyUndefined) return raise(object.message)
  const items = sequence(object)
  if (items === null) return unsure(`a slice of a ${typeName(object)}`)
  if (object instanceof PyRange) return unsure('a slice of a range')
  if (typeof object === 'string') return joined(picked(items, start, stop, step))
  const kept = picked(items, start, stop, step)
  const list = typeof kept === 'string' ? codePoints(kept) : kept
  return object instanceof PyTuple ? new PyTuple(list) : list
}

const joined = (points: string | readonly Value[]): string =>
  typeof points === 'string' ? points : points.map(String).join('')

function picked(items: string | readonly Value[], start: Value, stop: Value, step: Value): string | readonly Value[] {
  const stride = step === null ? 1 : asCount('a slice', step)
  if (stride === 0) return raise('slice step cannot be zero')
  const { length } = items
  const [least, most] = stride > 0 ? [0, length] : [-1, length - 1]
  const clamp = (bound: Value, absentBound: number): number => {
    if (bound === null) return absentBound
    const place = asCount('a slice', bound)
    return Math.min(Math.max(place < 0 ? place + length : place, least), most)
  }
  const [from, to] = stride > 0 ? [clamp(start, least), clamp(stop, most)] : [clamp(start, most), clamp(stop, least)]
  if (stride === 1) return items.slice(from, Math.max(from, to))
  const count = Math.max(0, Math.ceil((to - from) / stride))
  return Array.from({ length: count }, (_, index) => items[from + index * stride] ?? null)
}

/** What the object itself has of this name, its items aside; undefined for nothing. */
export function ownAttribute(object: Value, name: string): Value | undefined {
  if (/^__\w+__$/.test(name)) return unsure(`the attribute ${name}`)
  if (typeof object === 'string') return textMethod(object, name)
  if (object instanceof PyDict) return DICT_METHODS.has(name) ? dictMethod(object, name) : undefined
  if (object instanceof PyNamespace) return object.names.get(name)
  if (object instanceof PyLoop) return loopAttribute(object, name)
  if (isList(object)) return LIST_METHODS.has(name) ? sequenceMethod(object, name) : undefined
  if (object instanceof PyTuple) return TUPLE_METHODS.has(name) ? sequenceMethod(object.items, name) : undefined
  if (isNumeric(object)) return NUMBER_ATTRIBUTES.has(name) ? unsure(`the attribute ${name} of a number`) : undefined
  if (object === null || object instanceof PyUndefined) return undefined
  return unsure(`the attribute ${name} of a ${typeName(object)}`)
}

const method = (name: string, call: PyFunction['call']): PyFunction => new PyFunction(name, call)
const view = (name: PyView['name'], items: readonly Value[]): PyFunction =>
  method(name, (args) => {
    positionals(name, args, 0)
    return new PyView(name, items)
  })

function dictMethod(dict: PyDict, name: string): Value {
  switch (name) {
    case 'get':
      return method('get', (args) => {
        const [key = null, fallback = null] = positionals('get', args, 2, 1)
        const hashed = keyFor(key)
        if (hashed === undefined) return raise(`unhashable type: '${typeName(key)}'`)
        return dict.entries.has(hashed) ? (dict.entries.get(hashed) ?? null) : fallback
      })
    case 'items':
      return view(
        'dict_items',
        [...dict.entries].map((entry) => new PyTuple(entry)),
      )
    case 'keys':
      return view('dict_keys', [...dict.entries.keys()])
    case 'values':
      return view('dict_values', [...dict.entries.values()])
    case 'copy':
      return method('copy', () => dict)
    case 'fromkeys':
      return unsure('fromkeys of a dict')
    default:
      return forbidden(name)
  }
}

/** The sandbox hands out no method that changes a value: to use it raises. */
const forbidden = (name: string): PyUndefined =>
  new PyUndefined(`access to the method ${name}, which changes a value, is unsafe`)

function sequenceMethod(items: readonly Value[], name: string): Value {
  if (name === 'copy') return method('copy', () => items)
  if (name !== 'count' && name !== 'index') return forbidden(name)
  return method(name, (args) => {
    const [wanted = null, ...bounds] = positionals(name, args, 3, 1)
    if (bounds.length > 0) return unsure(`${name} with bounds`)
    const places = [...items.keys()].filter((place) => equals(items[place] ?? null, wanted))
    if (name === 'count') return BigInt(places.length)
    return places[0] === undefined ? raise('the value is not in the list') : BigInt(places[0])
  })
}

export const isCallable = (value: Value): boolean => value instanceof PyFunction || value instanceof PyUndefined
export const hasItems = (value: Value): boolean =>
  isText(value) || sequence(value) !== null || value instanceof PyDict || value instanceof PyUndefined

import { itemOf } from '../attributes.js'
import { raise } from '../errors.js'
import { PyUndefined, type Value } from '../values.js'

/** `a.b.0` as Jinja's filters take it: keys, and places where a part is a number. */
export function pathGetter(path: Value, fallback?: Value): (item: Value) => Value {
  if (typeof path !== 'string' && typeof path !== 'bigint') return raise('an attribute is a text or a number')
  const parts: readonly Value[] =
    typeof path === 'bigint' ? [path] : path.split('.').map((part) => (/^\d+$/.test(part) ? BigInt(part) : part))
  return (item) => parts.reduce<Value>((value, part) => orFallback(itemOf(value, part), fallback), item)
}

const orFallback = (value: Value, fallback: Value | undefined): Value =>
  value instanceof PyUndefined && fallback !== undefined && fallback !== null ? fallback : value

import { raise, unsure } from './errors.js'
import { isList, PyTuple, PyUndefined, typeName, type CallArguments, type Value } from './values.js'

/** The arguments of a call by the parameters' names, as Python binds them; absent ones are undefined. */
export function bind(
  what: string,
  args: CallArguments,
  parameters: readonly string[],
  required = 0,
): readonly (Value | undefined)[] {
  const { positional, named } = args
  if (positional.length > parameters.length) raise(`${what} takes at most ${parameters.length} arguments`)
  for (const name of named.keys()) {
    const index = parameters.indexOf(name)
    if (index === -1) raise(`${what} got an unexpected keyword argument '${name}'`)
    if (index < positional.length) raise(`${what} got multiple values for argument '${name}'`)
  }
  const bound = parameters.map((name, index) => positional[index] ?? named.get(name) ?? absent(positional, index))
  if (bound.slice(0, required).includes(undefined)) raise(`${what} misses an argument`)
  return bound
}

/** None is a value like any other, though `??` passes it over. */
const absent = (positional: readonly Value[], index: number): Value | undefined =>
  index < positional.length ? positional[index] : undefined

/** A method that takes its arguments by place only. */
export function positionals(
  what: string,
  { positional, named }: CallArguments,
  most: number,
  least = 0,
): readonly Value[] {
  if (named.size > 0) raise(`${what} takes no keyword arguments`)
  if (positional.length > most || positional.length < least) raise(`${what} takes ${least} to ${most} arguments`)
  return positional
}

export function asText(what: string, value: Value | undefined): string {
  if (typeof value === 'string') return value
  if (value instanceof PyUndefined) return raise(value.message)
  return raise(`${what}: expected str, not ${value === undefined ? 'nothing' : typeName(value)}`)
}

/** A small int; a bool counts as one. */
export function asCount(what: string, value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint')
    return value >= -(2n ** 40n) && value <= 2n ** 40n ? Number(value) : unsure(`${what} of ${value}`)
  return raise(`${what}: '${typeName(value)}' object cannot be interpreted as an integer`)
}

/** One text, or a tuple of texts, as `startswith` takes it. */
export function textsOf(what: string, value: Value | undefined): readonly string[] {
  if (value instanceof PyTuple) return value.items.map((item) => asText(what, item))
  if (value !== undefined && isList(value)) return raise(`${what}: a list is no tuple`)
  return [asText(what, value)]
}

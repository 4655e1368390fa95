import { raise } from '../errors.js'
import type { CallArguments, Value } from '../values.js'

/** A filter that takes nothing but its input. */
export const withoutArguments =
  (name: string, filter: (input: Value) => Value) =>
  (input: Value, { positional, named }: CallArguments): Value =>
    positional.length + named.size > 0 ? raise(`${name} takes no arguments`) : filter(input)

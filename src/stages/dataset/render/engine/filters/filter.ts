import type { CallArguments, Value } from '../values.js'

/** What stands before the bar, and what is given in brackets behind the filter's name. */
export type Filter = (input: Value, args: CallArguments) => Value

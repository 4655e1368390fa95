import { isObject, membersOf, stringIn } from './json-text.js'

/** A call as it was read: `arguments` is JSON in the model's own text, as far as it wrote JSON. */
export interface Call {
  readonly name: string
  readonly arguments: string
}

/**
 * `{"name": …, "arguments": …}`, with the arguments under the first of the keys that is there; null where the text is no such object.
 * Arguments that the model wrote as JSON inside a string are taken out of it.
 */
export function jsonCall(written: string, keys: readonly string[]): Call | null {
  const members = membersOf(written)
  const name = stringIn(members?.get('name'))
  const given = keys.map((key) => members?.get(key)).find((value) => value !== undefined)
  if (name === null || given === undefined) return null
  const inner = stringIn(given)
  return { name, arguments: inner !== null && isObject(inner) ? inner : given }
}

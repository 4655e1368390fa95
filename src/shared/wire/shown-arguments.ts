import { isFields, readJson } from '../json/index.js'

/**
 * The text of a call's arguments for a client that takes an object and nothing else: the model's own where it is one, or says nothing;
 * otherwise an object that shows it.
 */
export function shownArguments(exact: string): string {
  if (exact.trim() === '') return '{}'
  return isObject(exact) ? exact : JSON.stringify({ unparsed: exact })
}

/** The text of arguments that a request repeats as a value: made again, or what {@link shownArguments} had put into an object. */
export function repeatedArguments(value: unknown): string {
  if (typeof value === 'string') return value
  const text = isFields(value) && Object.keys(value).length === 1 ? value['unparsed'] : undefined
  return typeof text === 'string' && !isObject(text) ? text : JSON.stringify(value ?? {})
}

function isObject(text: string): boolean {
  const read = readJson(text)
  return read !== null && isFields(read.value)
}

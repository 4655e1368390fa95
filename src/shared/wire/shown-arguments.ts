import { isFields, readJson } from '../json/index.js'

/**
 * The text of a call's arguments for a client that takes an object and nothing else: the model's own where it is one, or says nothing;
 * otherwise an object that shows it.
 */
export function shownArguments(exact: string): string {
  if (exact.trim() === '') return '{}'
  const read = readJson(exact)
  return read !== null && isFields(read.value) ? exact : JSON.stringify({ unparsed: exact })
}

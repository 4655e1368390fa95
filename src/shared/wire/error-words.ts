import { field, textIn } from '../json/index.js'

/** What an error's document says: its type or status, and its message, wherever it holds these. */
export function errorWords(document: unknown): string {
  const given = Array.isArray(document) ? (document[0] as unknown) : document
  const error = field(given, 'error') ?? given
  const kind = textIn(error, 'type') ?? textIn(error, 'status') ?? textIn(error, 'code')
  const message = textIn(error, 'message') ?? textIn(given, 'detail') ?? (typeof error === 'string' ? error : undefined)
  const words = [kind, message].filter((one) => one !== undefined && one !== '').join(': ')
  return words === '' ? 'an error that says nothing of itself' : words
}

const MAX_CHARACTERS = 500

/** An error that is no JSON: a page of whatever stands between. */
export const errorText = (body: string): string => body.trim().slice(0, MAX_CHARACTERS)

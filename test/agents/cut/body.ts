import type { Ids } from './ids.js'
import type { Words } from './words.js'

/** The forms in which APIs hold the schema of a tool or of an answer. */
const SCHEMAS = new Set([
  'parameters',
  'input_schema',
  'parametersJsonSchema',
  'responseSchema',
  'responseJsonSchema',
  'schema',
])
/** What a tool takes that is not JSON. */
const GRAMMARS = new Set(['definition'])

/** A value of a body without what its makers wrote. */
export function cutValue(value: unknown, words: Words, ids: Ids): unknown {
  if (typeof value === 'string') return cutText(value, words, ids)
  if (Array.isArray(value)) return value.map((one) => cutValue(one, words, ids))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      if (SCHEMAS.has(key) && typeof one === 'object') return [key, { type: 'object' }]
      return [key, GRAMMARS.has(key) ? '' : cutValue(one, words, ids)]
    }),
  )
}

function cutText(text: string, words: Words, ids: Ids): string {
  if (words.isOurs(text)) return text
  const json = objectIn(text)
  if (json !== null) {
    const cut = cutValue(json, words, ids)
    // The exact text of arguments is the script's.
    return JSON.stringify(cut) === JSON.stringify(json) ? text : JSON.stringify(cut)
  }
  return /\s/.test(text) ? words.cut(text) : ids.neutral(text)
}

/** Bodies and some headers hold JSON in texts. */
function objectIn(text: string): object | null {
  if (!/^\s*[{[]/.test(text)) return null
  try {
    return JSON.parse(text) as object
  } catch {
    return null
  }
}

/** A body of an exchange; one that is no JSON is none of a model's. */
export function cutBody(body: string, words: Words, ids: Ids): string {
  const json = objectIn(body)
  return json === null ? '' : JSON.stringify(cutValue(json, words, ids))
}

import { randomBytes } from 'node:crypto'
import { ExactJson } from '../conversation/index.js'

const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const INTEGER_LIKE = /^"(?:0|[1-9]\d*)"/

export interface ExactValues {
  /** As `JSON.parse` gives it, but for stand-ins. Throws where the text is no JSON. */
  readonly json: unknown
  /** A part of it for a template: as it is, or the JSON text as it was written where JavaScript's values would lose that. */
  exact(part: unknown): unknown
}

/**
 * JSON whose parts can be given to a template as Python would read them: numbers such as 1.0 and keys that JavaScript would move to the
 * front are parsed as stand-ins, and put back into the part's text.
 */
export function readExactValues(text: string): ExactValues {
  const nonce = randomBytes(9).toString('hex')
  const standing = text.replace(TOKEN, (token, colon: string | undefined) => {
    if (!token.startsWith('"')) return isKept(token) ? token : `"${nonce}${token}"`
    return colon !== undefined && INTEGER_LIKE.test(token) ? `"${nonce}${token.slice(1)}` : token
  })
  const numbers = new RegExp(`"${nonce}(-?\\d[^"]*)"(?!:)`, 'g')
  return {
    json: JSON.parse(standing) as unknown,
    exact: (part) => {
      const written = JSON.stringify(part)
      if (!written.includes(nonce)) return part
      return new ExactJson(written.replace(numbers, '$1').replaceAll(nonce, ''))
    },
  }
}

/** Whether JavaScript prints a number's value as Python does after `json.loads`. */
function isKept(literal: string): boolean {
  const value = Number(literal)
  return Number.isSafeInteger(value) && String(value) === literal
}

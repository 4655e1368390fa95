import { unsure } from './errors.js'
import { codePoints } from './points.js'
import { isAscii, settled } from './unicode.js'

/** Both sides take the full mappings of Unicode, whatever the locale; ASCII is all that most templates meet. */
export const upper = (text: string): string => settled(text).toUpperCase()
export const lower = (text: string): string => settled(text).toLowerCase()

/** Python's `capitalize`: the first character in title case, the rest in lower case. */
export function capitalise(text: string): string {
  const [first = '', ...rest] = codePoints(text)
  return titleCase(first) + lower(rest.join(''))
}

/** Python's `title`: a word begins at each cased character that follows none. */
export function title(text: string): string {
  if (!isAscii(text)) return unsure('title of a text beyond ASCII')
  return text.replaceAll(/[A-Za-z]+/g, (word) => upper(word.slice(0, 1)) + lower(word.slice(1)))
}

/** JavaScript has no title case: where it is not the upper case (ǆ, ß, ﬁ, Georgian), the answer is not known here. */
function titleCase(point: string): string {
  const raised = upper(point)
  const differs = codePoints(raised).length !== 1 || /[Ǆ-ǌǱ-ǳა-ჿᾀ-ῼ]/u.test(point)
  return differs && point !== '' ? unsure(`the title case of ${JSON.stringify(point)}`) : raised
}

/** `upper` or `lower` where all cased characters are, and there is one. */
export function casePattern(text: string): 'upper' | 'lower' | null {
  const hasUpper = /[\p{Uppercase}\p{Lt}]/u.test(settled(text))
  const hasLower = /[\p{Lowercase}\p{Lt}]/u.test(text)
  return hasUpper === hasLower ? null : hasUpper ? 'upper' : 'lower'
}

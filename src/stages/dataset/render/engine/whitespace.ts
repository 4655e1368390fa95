/** Python's white space (`str.isspace`), which is not JavaScript's: U+001C–1F and U+0085 are, U+FEFF is not. */
export const WHITESPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'

const SPACE = new RegExp(WHITESPACE)

const isSpace = (unit: string | undefined): boolean => unit !== undefined && SPACE.test(unit)

export function trimStart(text: string): string {
  let start = 0
  while (isSpace(text[start])) start += 1
  return text.slice(start)
}

export function trimEnd(text: string): string {
  let end = text.length
  while (isSpace(text[end - 1])) end -= 1
  return text.slice(0, end)
}

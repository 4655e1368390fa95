const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = new Set([0x5b, 0x7b])
const CLOSE = new Set([0x5d, 0x7d])

/** No real log comes near it, and recursive readers stand far more. */
export const MAX_NESTING = 256

/** The offset of the bracket at which JSON text nests deeper than a limit; null where it never does. Of text that is not JSON the answer means nothing. */
export function tooDeepAt(text: string, limit = MAX_NESTING): number | null {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (CLOSE.has(code)) depth -= 1
    else if (OPEN.has(code)) {
      depth += 1
      if (depth > limit) return at
    }
  }
  return null
}

/** The offset of the quote that ends the string begun at `start`; the text's length where none does. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === BACKSLASH) before -= 1
    if ((end - before) % 2 === 1) return end
  }
  return text.length
}

/** A stretch of a body that is likely to come again: an element of a list, or a long value. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Lists are cut into elements where they lie in the body's object, or one object deeper (Code Assist wraps its request). */
const DEEPEST_LIST = 3
const SHORTEST_ELEMENT = 24
const SHORTEST_TEXT = 256
/** A hostile body may be a list of millions. */
const MOST = 20_000
const MOST_OPEN = 1_000

/**
 * Where a JSON body may be cut so that what two bodies share comes out as the same bytes: after each element of its lists (an element begins
 * with the comma before it), and around long texts. Of bytes that are no JSON any answer is right: whoever joins all stretches and what
 * lies between them has the body again.
 */
export function stretchesOf(bytes: Buffer): readonly Stretch[] {
  const stretches: Stretch[] = []
  /** Whether each open bracket is a list's. */
  const lists: boolean[] = []
  let elementStart = 0
  const isInList = (): boolean => lists.at(-1) === true && lists.length > 1 && lists.length <= DEEPEST_LIST
  const endElement = (end: number): void => {
    if (!isInList() || end - elementStart < SHORTEST_ELEMENT) return
    stretches.push({ start: elementStart, end })
    elementStart = end
  }
  for (let at = 0; at < bytes.length && stretches.length < MOST && lists.length < MOST_OPEN; at += 1) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      const end = endOfString(bytes, at)
      const isField = lists.length > 0 && lists.length < DEEPEST_LIST && lists.at(-1) === false
      if (isField && end - at >= SHORTEST_TEXT) stretches.push({ start: at, end })
      at = end - 1
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      lists.push(byte === OPEN_ARRAY)
      if (isInList()) elementStart = at + 1
    } else if (byte === COMMA) endElement(at)
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      endElement(at)
      lists.pop()
    }
  }
  return stretches
}

/** Where the string that begins at `start` ends, its quote included. */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let before = end - 1
    while (bytes[before] === BACKSLASH) before -= 1
    if ((end - before) % 2 === 1) return end + 1
  }
  return bytes.length
}

import { keepsText } from './numbers.js'
import { MAX_NESTING } from '../../../shared/json/index.js'

/** What one look at JSON text tells before it is parsed. Text that is not JSON gives any answer. */
export interface TextScan {
  /** The offset at which it nests deeper than {@link MAX_NESTING}; null where it does not. */
  readonly tooDeepAt: number | null
  /** How many keys it has; null where a number or a key may not come back as it was written. */
  readonly plainKeys: number | null
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Depth, keys and numbers in one pass; strings, most of a log, are passed natively. */
export function scanText(text: string): TextScan {
  let depth = 0
  let keys = 0
  let plain = true
  let stringStart = 0
  let stringEnd = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      stringStart = at + 1
      at = stringEnd = endOfString(text, at)
    } else if (code === COLON) {
      keys += 1
      if (!isPlainKey(text, stringStart, stringEnd)) plain = false
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth += 1
      if (depth > MAX_NESTING) return { tooDeepAt: at, plainKeys: null }
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      depth -= 1
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at)
      if (!isShortInteger(text, at, end) && !keepsText(text.slice(at, end))) plain = false
      at = end - 1
    }
  }
  return { tooDeepAt: null, plainKeys: plain ? keys : null }
}

/** The quote that closes a string, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === BACKSLASH) before -= 1
    if ((end - before) % 2 === 1) return end
  }
  return text.length
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end)
    // Digits, and + - . e E: what else lies between them does not follow a number in JSON.
    if (!((code >= 0x2b && code <= NINE && code !== 0x2c) || code === 0x45 || code === 0x65)) break
  }
  return end
}

function isShortInteger(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start)
  if (end - start > 15 || (first === MINUS && text.charCodeAt(start + 1) === ZERO)) return false
  for (let at = start + 1; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code < ZERO || code > NINE) return false
  }
  return true
}

/**
 * Whether a key comes back as it was written: none that JavaScript sorts by number, and none with an escape. V8 as of Node 24 reads
 * `"a\/"` as `a\` once it has seen an object with the key `a\` in the same place.
 */
function isPlainKey(text: string, start: number, end: number): boolean {
  let digits = 0
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) return false
    if (code >= ZERO && code <= NINE) digits += 1
  }
  return digits === 0 || digits < end - start || end - start > 10
}

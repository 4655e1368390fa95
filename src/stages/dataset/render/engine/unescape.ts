import { isAscii } from './unicode.js'

const ESCAPE = /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|[^])/gu
const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** The text of a string literal by Python's escapes; null where Python refuses one, or reads it as no whole character. */
export function unescape(raw: string): string | null {
  if ([...raw.matchAll(ESCAPE)].some(([, escape = '']) => isRefused(escape))) return null
  return raw.replaceAll(ESCAPE, (whole, escape: string) => {
    const code = codeOf(escape)
    // Python keeps the backslash of an escape that it does not know.
    return code === null ? (SIMPLE[escape] ?? whole) : String.fromCodePoint(code)
  })
}

/** Names of characters, escapes cut short, halves of surrogate pairs, and a backslash before a character beyond ASCII. */
function isRefused(escape: string): boolean {
  const code = codeOf(escape)
  if (code !== null) return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)
  return /^[xuUN]$/.test(escape) || !isAscii(escape)
}

function codeOf(escape: string): number | null {
  if (/^[0-7]+$/.test(escape)) return Number.parseInt(escape, 8)
  return escape.length > 1 && /^[xuU]/.test(escape) ? Number.parseInt(escape.slice(1), 16) : null
}

import { LETTER, MARK, NUMBER, PUNCTUATION, SPACE, SYMBOL, type Characters } from './characters.js'
import { BLANK, codeAt, isLineEnd, lineEndsEnd, runEnd, runWithoutEnd, sizeOf, spacesOrLinesEnd } from './scan.js'
import type { Splitter, WordSink } from './splitter.js'
import { digitsEnd } from './words-cl100k.js'

const WORD = LETTER | MARK
const SIGN = PUNCTUATION | SYMBOL

/**
 * DeepSeek-V3's words, in three steps, each within the pieces of the one before: `\p{N}{1,3}`, then `[一-龥぀-ゟ゠-ヿ]+`, then
 * `[ASCII punctuation][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
 * What matches nothing is a word as far as it goes.
 */
export const deepseekWords =
  (characters: Characters): Splitter =>
  (text, start, end, word) => {
    for (let at = start; at < end;) {
      const digits = digitsEnd(characters, 3, text, at, end)
      if (digits > at) {
        word(at, digits)
        at = digits
        continue
      }
      const next = runWithoutEnd(characters, NUMBER, text, at, end)
      splitByScript(characters, text, at, next, word)
      at = next
    }
    return true
  }

function splitByScript(characters: Characters, text: string, start: number, end: number, word: WordSink): void {
  for (let at = start; at < end;) {
    const east = isEastAsian(text.charCodeAt(at))
    let next = at + 1
    while (next < end && isEastAsian(text.charCodeAt(next)) === east) next += 1
    splitPiece(characters, text, at, next, word)
    at = next
  }
}

const isEastAsian = (code: number): boolean => (code >= 0x4e00 && code <= 0x9fa5) || (code >= 0x3040 && code <= 0x30ff)

function splitPiece(characters: Characters, text: string, start: number, end: number, word: WordSink): void {
  let unmatched = start
  for (let at = start; at < end;) {
    const next = matchEnd(characters, text, at, end)
    if (next === 0) {
      at += sizeOf(codeAt(text, at))
      continue
    }
    if (unmatched < at) word(unmatched, at)
    word(at, next)
    at = next
    unmatched = next
  }
  if (unmatched < end) word(unmatched, end)
}

function matchEnd(characters: Characters, text: string, at: number, end: number): number {
  const code = codeAt(text, at)
  const kind = characters(code)
  const next = at + sizeOf(code)
  if (isAsciiSign(code) && next < end && isAsciiLetter(text.charCodeAt(next))) return asciiLettersEnd(text, next, end)
  if ((kind & WORD) !== 0) return runEnd(characters, WORD, text, at, end)
  const following = next < end ? characters(codeAt(text, next)) : SPACE
  const mayLead = (kind & SIGN) === 0 && !isLineEnd(code)
  if (mayLead && (following & WORD) !== 0) return runEnd(characters, WORD, text, next, end)
  const from = code === BLANK && (following & SIGN) !== 0 ? next : at
  const signs = runEnd(characters, SIGN, text, from, end)
  if (signs > from) return lineEndsEnd(text, signs, end)
  return (kind & SPACE) === 0 ? 0 : spacesOrLinesEnd(characters, text, at, end)
}

const isAsciiLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

const isAsciiSign = (code: number): boolean =>
  (code >= 33 && code <= 47) || (code >= 58 && code <= 64) || (code >= 91 && code <= 96) || (code >= 123 && code <= 126)

function asciiLettersEnd(text: string, at: number, end: number): number {
  let place = at
  while (place < end && isAsciiLetter(text.charCodeAt(place))) place += 1
  return place
}

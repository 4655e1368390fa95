import { LETTER, NUMBER, SPACE, type Characters } from './characters.js'
import {
  BLANK,
  codeAt,
  contractionInAnyCase,
  isLineEnd,
  lineEndsEnd,
  runEnd,
  runWithoutEnd,
  sizeOf,
  spacesOrLinesEnd,
} from './scan.js'
import type { WordEnd } from './splitter.js'

/**
 * The words of cl100k, Llama 3 and Qwen 2, which differ in how many digits make a word:
 * `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
 */
export const cl100kWords =
  (characters: Characters, digits: number): WordEnd =>
  (text, at, end) => {
    const short = contractionInAnyCase(text, at, end)
    if (short !== 0) return short < 0 ? -1 : at + short
    const code = codeAt(text, at)
    const kind = characters(code)
    if ((kind & LETTER) !== 0) return runEnd(characters, LETTER, text, at, end)
    if ((kind & NUMBER) !== 0) return digitsEnd(characters, digits, text, at, end)
    const next = at + sizeOf(code)
    const following = next < end ? characters(codeAt(text, next)) : SPACE
    if ((following & LETTER) !== 0 && !isLineEnd(code)) return runEnd(characters, LETTER, text, next, end)
    const blankFirst = code === BLANK && (following & (LETTER | NUMBER | SPACE)) === 0
    if ((kind & SPACE) !== 0 && !blankFirst) return spacesOrLinesEnd(characters, text, at, end)
    return lineEndsEnd(text, runWithoutEnd(characters, LETTER | NUMBER | SPACE, text, blankFirst ? next : at, end), end)
  }

export function digitsEnd(characters: Characters, most: number, text: string, at: number, end: number): number {
  let place = at
  for (let count = 0; count < most && place < end; count += 1) {
    const code = codeAt(text, place)
    if ((characters(code) & NUMBER) === 0) break
    place += sizeOf(code)
  }
  return place
}

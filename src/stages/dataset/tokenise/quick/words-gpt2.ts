import { LETTER, NUMBER, SPACE, type Characters } from './characters.js'
import { BLANK, codeAt, contraction, runEnd, runWithoutEnd, spacesEnd } from './scan.js'
import type { WordEnd } from './splitter.js'

/** GPT-2's words, those of the `ByteLevel` pre-tokeniser: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`. */
export const gpt2Words =
  (characters: Characters): WordEnd =>
  (text, at, end) => {
    const short = contraction(text, at, end)
    if (short > 0) return at + short
    const from = text.charCodeAt(at) === BLANK && at + 1 < end ? at + 1 : at
    const kind = characters(codeAt(text, from))
    if ((kind & LETTER) !== 0) return runEnd(characters, LETTER, text, from, end)
    if ((kind & NUMBER) !== 0) return runEnd(characters, NUMBER, text, from, end)
    if ((kind & SPACE) === 0) return runWithoutEnd(characters, LETTER | NUMBER | SPACE, text, from, end)
    return spacesEnd(characters, text, at, end)
  }

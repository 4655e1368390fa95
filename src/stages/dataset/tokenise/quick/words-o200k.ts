import { HEAD, LETTER, NUMBER, SPACE, TAIL, type Characters } from './characters.js'
import {
  BLANK,
  codeAt,
  contractionInAnyCase,
  isLineEnd,
  runEnd,
  runWithoutEnd,
  sizeOf,
  SLASH,
  spacesOrLinesEnd,
} from './scan.js'
import type { WordEnd } from './splitter.js'
import { digitsEnd } from './words-cl100k.js'

export interface O200kVariant {
  /** Digits in a word at most. */
  readonly digits: number
  /** Units of the contraction that a word takes in; −1 where unsure. */
  readonly suffix: (text: string, at: number, end: number) => number
}

export const withContractions: O200kVariant = { digits: 3, suffix: contractionInAnyCase }
export const withoutContractions: O200kVariant = { digits: 1, suffix: () => 0 }

/**
 * The words of o200k (gpt-oss) and of Mistral's Tekken, which takes single digits and no contractions. A word is
 * `[^\r\n\p{L}\p{N}]?HEAD*TAIL+SUFFIX?` or else `[^\r\n\p{L}\p{N}]?HEAD+TAIL*SUFFIX?`; then
 * `\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
 */
export const o200kWords =
  (characters: Characters, { digits, suffix }: O200kVariant): WordEnd =>
  (text, at, end) => {
    const code = codeAt(text, at)
    const kind = characters(code)
    const next = at + sizeOf(code)
    const letters = lettersEnd(characters, text, at, end, (kind & (LETTER | NUMBER)) === 0 && !isLineEnd(code))
    if (letters > at) {
      const more = suffix(text, letters, end)
      return more < 0 ? -1 : letters + more
    }
    if ((kind & NUMBER) !== 0) return digitsEnd(characters, digits, text, at, end)
    const following = next < end ? characters(codeAt(text, next)) : SPACE
    const blankFirst = code === BLANK && (following & (LETTER | NUMBER | SPACE)) === 0
    if ((kind & SPACE) !== 0 && !blankFirst) return spacesOrLinesEnd(characters, text, at, end)
    let place = runWithoutEnd(characters, LETTER | NUMBER | SPACE, text, blankFirst ? next : at, end)
    while (place < end && (isLineEnd(text.charCodeAt(place)) || text.charCodeAt(place) === SLASH)) place += 1
    return place
  }

/** The first of the four ways to read a word that matches, in the order in which a backtracking engine tries them; 0 where none does. */
function lettersEnd(characters: Characters, text: string, at: number, end: number, mayLead: boolean): number {
  const after = mayLead ? at + sizeOf(codeAt(text, at)) : at
  const small = mayLead ? endingSmall(characters, text, after, end) : 0
  if (small > 0) return small
  const bare = endingSmall(characters, text, at, end)
  if (bare > 0) return bare
  const capital = mayLead ? startingCapital(characters, text, after, end) : 0
  return capital > 0 ? capital : startingCapital(characters, text, at, end)
}

/** `HEAD*TAIL+`: where no tail follows the heads, they give back up to the last that is a tail, too. */
function endingSmall(characters: Characters, text: string, at: number, end: number): number {
  let place = at
  let lastTail = 0
  while (place < end) {
    const code = codeAt(text, place)
    const kind = characters(code)
    if ((kind & HEAD) === 0) {
      return (kind & TAIL) === 0 ? lastTail : runEnd(characters, TAIL, text, place, end)
    }
    place += sizeOf(code)
    if ((kind & TAIL) !== 0) lastTail = place
  }
  return lastTail
}

/** `HEAD+TAIL*`. */
function startingCapital(characters: Characters, text: string, at: number, end: number): number {
  const heads = runEnd(characters, HEAD, text, at, end)
  return heads === at ? 0 : runEnd(characters, TAIL, text, heads, end)
}

import { runsOf, wordsOf } from './words.js'

/** Hidden words that are repeated in a row: so many are no accident. */
const EXACT_WORDS = 4
/** The share of a hidden line's pairs of words that makes a text nearly that line. */
const NEAR_SHARE = 0.5
/** Of a line with fewer new pairs nobody could say that it was nearly repeated. */
const NEAR_PAIRS = 4
/** Three words in a row are no accident where so many of them are new. */
const NEW_IN_SHORT = 2
/** The share of a line's new words, three or more, that makes a text nearly that line, whatever their order. */
const NEAR_WORDS_SHARE = 2 / 3
const NEAR_WORDS = 3
/** Letters and digits in a row, spaces and marks aside, from which on they are found however they are spaced. */
const SQUEEZED_CHARACTERS = 8

export interface Leak {
  readonly kind: 'exact' | 'near' | 'spaced'
  /** The hidden line, as words. */
  readonly words: string
}

/**
 * The first line of some hidden texts, or whole text of them, that a text gives away, of those that are not in what the agent has seen; null where there is none.
 * Compared by words (NFKC, lower case, without marks):
 *
 * - `exact`: a line of up to four words that occurs whole (one that is a single letter or two letters does not count, a number does), or four
 *   words in a row of a longer one, or three of which two are new to the agent;
 * - `near`: at least half of the pairs of neighbouring words of a line, those that the agent has seen left out, where there are four or more; or
 *   two thirds of its words in any order, the agent's and those of one or two letters left out, where there are three or more;
 * - `spaced`: all letters and digits of a line, eight or more, in a row, whatever stands between them.
 */
export function findLeak(text: string, hidden: readonly string[], seen: readonly string[]): Leak | null {
  const said = textOf(text)
  const known = textOf(seen.join('\n'))
  for (const line of linesOf(hidden)) {
    const kind = leakKind(line, said, known)
    if (kind !== null) return { kind, words: line.join(' ') }
  }
  return null
}

interface Text {
  /** Words, each with a space on both sides. */
  readonly words: string
  readonly squeezed: string
}

function textOf(text: string): Text {
  const words = wordsOf(text)
  return { words: ` ${words.join(' ')} `, squeezed: words.join('') }
}

function* linesOf(texts: readonly string[]): Generator<readonly string[]> {
  const done = new Set<string>()
  // Lines that the agent has seen one by one may still be hidden in this order: a text is looked at as a whole too.
  for (const line of texts.flatMap((text) => [...text.split(/\r\n|[\n\r\u2028\u2029]/), text])) {
    const words = wordsOf(line)
    const name = words.join(' ')
    if (words.length === 0 || done.has(name)) continue
    done.add(name)
    yield words
  }
}

function leakKind(line: readonly string[], said: Text, known: Text): Leak['kind'] | null {
  const isNew = (run: string): boolean => !known.words.includes(` ${run} `)
  const isSaid = (run: string): boolean => said.words.includes(` ${run} `)
  const whole = line.join(' ')
  const news = new Set(line.filter((word) => isTelling(word) && isNew(word)))
  const isShortAndNew = (run: string): boolean => run.split(' ').filter((word) => news.has(word)).length >= NEW_IN_SHORT
  const runs = line.length <= EXACT_WORDS ? (isTelling(whole) ? [whole] : []) : runsOf(line, EXACT_WORDS)
  if ([...runs, ...runsOf(line, 3).filter(isShortAndNew)].some((run) => isSaid(run) && isNew(run))) return 'exact'
  const pairs = [...new Set(runsOf(line, 2))].filter(isNew)
  const mostOf = (parts: readonly string[], share: number): boolean =>
    parts.filter(isSaid).length >= share * parts.length
  if (pairs.length >= NEAR_PAIRS && mostOf(pairs, NEAR_SHARE)) return 'near'
  if (news.size >= NEAR_WORDS && mostOf([...news], NEAR_WORDS_SHARE)) return 'near'
  const squeezed = line.join('')
  const isSpaced = squeezed.length >= SQUEEZED_CHARACTERS && said.squeezed.includes(squeezed)
  return isSpaced && !known.squeezed.includes(squeezed) ? 'spaced' : null
}

/** `is` and `a` stand in every sentence. */
const isTelling = (words: string): boolean => words.length > 2 || /\p{N}/u.test(words)

import type { PreTokenizer, Tokenizer } from 'tokenizers'

/** Classes of characters that the known patterns tell apart, as bits. */
export const LETTER = 1
export const NUMBER = 2
export const MARK = 4
export const PUNCTUATION = 8
export const SYMBOL = 16
export const SPACE = 32
/** May stand before the last letters of a word in the patterns that know capitals. */
export const HEAD = 64
/** May be the last letters of a word there. */
export const TAIL = 128
/** What Rust calls numeric (the `Digits` pre-tokeniser). */
export const NUMERIC = 256

/** The classes of a code point. */
export type Characters = (codePoint: number) => number

const PAGE = 256
const PROBES: readonly (readonly [number, object])[] = [
  [LETTER, onlyThose('\\p{L}')],
  [NUMBER, onlyThose('\\p{N}')],
  [MARK, onlyThose('\\p{M}')],
  [PUNCTUATION, onlyThose('\\p{P}')],
  [SYMBOL, onlyThose('\\p{S}')],
  [SPACE, onlyThose('\\s')],
  [HEAD, onlyThose('\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}')],
  [TAIL, onlyThose('\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}')],
]

/**
 * The classes as the official tokenizers see them, asked page by page where a text needs one: its regular expressions may follow
 * another version of Unicode than those of JavaScript.
 */
export function openCharacters(tokenizers: typeof Tokenizer): Characters {
  const table = new Uint16Array(0x110000)
  const known = new Uint8Array(0x110000 / PAGE)
  const probes = PROBES.map(([bit, preTokeniser]) => [bit, opened(tokenizers, preTokeniser)] as const)
  const digits = opened(tokenizers, { type: 'Digits', individual_digits: true })
  const load = (codePoint: number): number => {
    const page = codePoint >>> 8
    const text = pageText(page)
    for (const [bit, probe] of probes) {
      for (const [piece] of probe.preTokenizeString(text)) {
        for (const character of piece) addTo(table, character, bit)
      }
    }
    for (const character of numericIn(digits, text)) addTo(table, character, NUMERIC)
    known[page] = 1
    return table[codePoint] ?? 0
  }
  return (codePoint) => (known[codePoint >>> 8] === 1 ? (table[codePoint] ?? 0) : load(codePoint))
}

function onlyThose(members: string): object {
  return { type: 'Split', pattern: { Regex: `[^${members}]` }, behavior: 'Removed', invert: false }
}

function opened(tokenizers: typeof Tokenizer, preTokeniser: object): PreTokenizer {
  const model = { type: 'BPE', vocab: {}, merges: [] }
  const probe = tokenizers.fromString(JSON.stringify({ version: '1.0', pre_tokenizer: preTokeniser, model }))
  const opening = probe.getPreTokenizer()
  if (opening === null) throw new Error('the probe has no pre-tokeniser')
  return opening
}

/** Each digit is a piece of its own, and what is none stays with its neighbours: a letter on either side tells them apart. */
function numericIn(digits: PreTokenizer, page: string): string[] {
  const apart = Array.from(page, (character) => `a${character}a`).join('')
  return digits.preTokenizeString(apart).flatMap(([piece]) => (piece.includes('a') ? [] : [piece]))
}

function pageText(page: number): string {
  const codes = Array.from({ length: PAGE }, (_, index) => page * PAGE + index)
  return String.fromCodePoint(...codes.filter((code) => code < 0xd800 || code > 0xdfff))
}

function addTo(table: Uint16Array, character: string, bit: number): void {
  const code = character.codePointAt(0) ?? 0
  table[code] = (table[code] ?? 0) | bit
}

import { NUMERIC, type Characters } from './characters.js'
import { runWithoutEnd, sizeOf, codeAt } from './scan.js'
import { inRow, type Splitter } from './splitter.js'
import { cl100kWords } from './words-cl100k.js'
import { deepseekWords } from './words-deepseek.js'
import { gpt2Words } from './words-gpt2.js'
import { o200kWords, withContractions, withoutContractions } from './words-o200k.js'

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
const SPACES = String.raw`|\s*[\r\n]+|\s+(?!\S)|\s+`

const cl100k = (digits: string): string =>
  CONTRACTIONS + String.raw`|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*` + SPACES

const o200k = (suffix: string, digits: string): string =>
  [
    String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+${suffix}`,
    String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*${suffix}`,
    String.raw`${digits}| ?[^\s\p{L}\p{N}]+[\r\n/]*`,
  ].join('|') + SPACES

const DEEPSEEK = [
  String.raw`\p{N}{1,3}`,
  '[一-龥぀-ゟ゠-ヿ]+',
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*' +
    SPACES.replace(String.raw`[\r\n]`, '[\r\n]'),
]

type Opening = (characters: Characters) => Splitter

const split = (pattern: string): object => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
})

const byteLevel = (useRegex: boolean): object => ({ type: 'ByteLevel', add_prefix_space: false, use_regex: useRegex })

/** The pre-tokenisers whose words are known here, exactly as `tokenizer.json` writes them; others are encoded as a whole. */
const KNOWN: readonly (readonly [readonly object[], Opening])[] = [
  [[byteLevel(true)], (characters) => inRow(gpt2Words(characters))],
  [
    [{ type: 'Digits', individual_digits: true }, byteLevel(true)],
    (characters) => aroundDigits(characters, inRow(gpt2Words(characters))),
  ],
  [[split(cl100k(String.raw`\p{N}`)), byteLevel(false)], (characters) => inRow(cl100kWords(characters, 1))],
  [[split(cl100k(String.raw`\p{N}{1,3}`)), byteLevel(false)], (characters) => inRow(cl100kWords(characters, 3))],
  [
    [split(o200k(`${CONTRACTIONS}?`, String.raw`\p{N}{1,3}`)), byteLevel(false)],
    (characters) => inRow(o200kWords(characters, withContractions)),
  ],
  [
    [split(o200k('', String.raw`\p{N}`)), byteLevel(false)],
    (characters) => inRow(o200kWords(characters, withoutContractions)),
  ],
  [[...DEEPSEEK.map(split), byteLevel(false)], deepseekWords],
]

/** How to find the words of a pre-tokeniser given as in `tokenizer.json`, or null where it is not known here. */
export function splitterFor(preTokenizer: unknown): Opening | null {
  const steps = stepsOf(preTokenizer).map(asWritten)
  const known = KNOWN.find(([pattern]) => JSON.stringify(pattern.map(asWritten)) === JSON.stringify(steps))
  return known?.[1] ?? null
}

function stepsOf(preTokenizer: unknown): readonly unknown[] {
  const { type, pretokenizers } = (preTokenizer ?? {}) as Readonly<Record<string, unknown>>
  return type === 'Sequence' && Array.isArray(pretokenizers) ? pretokenizers : [preTokenizer]
}

/** Keys in order; `trim_offsets` says nothing here, it is the post-processor's that counts. */
function asWritten(step: unknown): unknown {
  const entries = Object.entries(step ?? {}).filter(([key]) => key !== 'trim_offsets')
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Each digit is a word; what lies between is split on its own. */
const aroundDigits =
  (characters: Characters, between: Splitter): Splitter =>
  (text, start, end, word) => {
    for (let at = start; at < end;) {
      const next = runWithoutEnd(characters, NUMERIC, text, at, end)
      if (next > at && !between(text, at, next, word)) return false
      at = next
      if (at < end) {
        const size = sizeOf(codeAt(text, at))
        word(at, at + size)
        at += size
      }
    }
    return true
  }

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Tokenizer } from 'tokenizers'
import { describe, expect, it } from 'vitest'
import { at } from '../../testing/oracle.js'
import { awkwardText } from '../../testing/texts.js'
import { BATTERY } from './battery.js'
import { openCharacters } from './characters.js'
import { splitterFor } from './patterns.js'

/** As the families' `tokenizer.json` write them. */
const known = JSON.parse(readFileSync(at('pre-tokenizers.json'), 'utf8')) as Record<string, object>

const characters = openCharacters(Tokenizer)

/** The words of the official pre-tokeniser, whose places are code points. */
function officialWords(preTokenizer: object): (text: string) => string[] {
  const model = { type: 'BPE', vocab: {}, merges: [] }
  const tokenizer = Tokenizer.fromString(JSON.stringify({ version: '1.0', pre_tokenizer: preTokenizer, model }))
  return (text) => {
    const points = Array.from(text)
    const pieces = tokenizer.getPreTokenizer()?.preTokenizeString(text) ?? []
    return pieces.map(([, [start, end]]) => points.slice(start, end).join(''))
  }
}

describe.each(Object.entries(known))('%s', (_name, preTokenizer) => {
  const split = splitterFor(preTokenizer)?.(characters)
  const official = officialWords(preTokenizer)

  const check = (text: string): void => {
    const words: string[] = []
    const sure = split?.(text, 0, text.length, (start, end) => words.push(text.slice(start, end)))
    if (sure === false) expect(text).toContain("'ſ")
    else expect(words).toEqual(official(text))
  }

  it('finds the words that the official pre-tokeniser finds', { timeout: 60_000 }, () => {
    for (const text of BATTERY) check(text)
    fc.assert(fc.property(awkwardText(), check), { numRuns: 2000 })
  })

  it('is not taken for another', () => {
    const written = JSON.stringify(preTokenizer)
    for (const changed of [
      written.replace('Isolated', 'Removed'),
      written.replace('"add_prefix_space":false', '"add_prefix_space":true'),
      written.replace(String.raw`\\s+"`, String.raw`\\s"`),
      written.replace('"use_regex":true', '"use_regex":false'),
    ]) {
      if (changed !== written) expect(splitterFor(JSON.parse(changed)), changed).toBeNull()
    }
  })
})

it('an unknown pre-tokeniser is not guessed at', () => {
  for (const each of [null, undefined, { type: 'Whitespace' }, { type: 'Sequence', pretokenizers: [] }]) {
    expect(splitterFor(each)).toBeNull()
  }
})

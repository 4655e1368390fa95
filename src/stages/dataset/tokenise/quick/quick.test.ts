import { rm } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../nouns/index.js'
import { readModelFiles } from '../../model-files.js'
import { at, realModel, tinyModel } from '../../testing/oracle.js'
import { awkwardText } from '../../testing/texts.js'
import { familyTokenizers, modelWithTokenizer } from '../../testing/tokenizers.js'
import { openTokeniser, type Encoded, type Tokeniser } from '../index.js'
import { BATTERY } from './battery.js'

interface BothWays {
  readonly short: Tokeniser
  readonly official: Tokeniser
  readonly added: readonly string[]
}

async function bothWays(folder: string): Promise<BothWays> {
  const files = unwrap(await readModelFiles(folder))
  const short = unwrap(await openTokeniser(files))
  const official = unwrap(await openTokeniser(files, 'tokenizers'))
  return { short, official, added: files.addedTokens.map(({ content }) => content) }
}

async function openTiny(change: Parameters<typeof tinyModel>[0]): Promise<BothWays> {
  const folder = await tinyModel(change)
  try {
    return await bothWays(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function openFamily(file: string): Promise<BothWays> {
  const folder = await modelWithTokenizer(file)
  try {
    return await bothWays(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const MODELS: readonly (readonly [string, () => Promise<BothWays>])[] = [
  ['tiny', () => bothWays(at('tiny'))],
  ['tiny with NFC', () => openTiny({ patch: { normalizer: { type: 'NFC' } } })],
  ...(realModel === undefined ? [] : [['SmolLM2', () => bothWays(realModel ?? '')] as const]),
  ...familyTokenizers().map(({ name, file }) => [name, () => openFamily(file)] as const),
]

function edgesOf(encoded: Encoded, length: number): unknown {
  return {
    at: Array.from({ length: length + 1 }, (_, place) => encoded.tokenAt(place)),
    ranges: Array.from({ length: encoded.ids.length + 1 }, (_, token) => encoded.rangeOf(token)),
  }
}

describe.each(MODELS)('word by word, %s', (_name, open) => {
  it('gives the ids, places and texts of the official tokenizers', { timeout: 120_000 }, async () => {
    const { short, official, added } = await open()
    expect(short).toMatchObject({ engine: 'tokenizers, word by word' })
    expect(short.slowBecause).toBeUndefined()
    const check = async (text: string): Promise<void> => {
      const [ours, theirs] = [await short.encode(text), await official.encode(text)]
      expect(ours.ids).toEqual(theirs.ids)
      expect(edgesOf(ours, text.length)).toEqual(edgesOf(theirs, text.length))
      const parts = [theirs.ids, theirs.ids.slice(1), theirs.ids.slice(0, -1)]
      expect(await short.decode(parts)).toEqual(await official.decode(parts))
      expect(short.normalise(text)).toBe(official.normalise(text))
    }
    for (const text of BATTERY) await check(text)
    await check(BATTERY.join('').repeat(3))
    await fc.assert(fc.asyncProperty(awkwardText(added), check), { numRuns: 150 })
  })
})

describe('the official way is taken for', () => {
  it.each([
    ['an unknown pre-tokeniser', { pre_tokenizer: { type: 'Whitespace' } }, 'pre-tokeniser'],
    [
      'a pattern that differs in one character',
      {
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [
            { type: 'Split', pattern: { Regex: '\\p{L}+|\\s+' }, behavior: 'Isolated', invert: false },
            { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
          ],
        },
      },
      'pre-tokeniser',
    ],
    [
      'a space before each text',
      { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true } },
      'pre-tokeniser',
    ],
    ['another normaliser', { normalizer: { type: 'Lowercase' } }, 'normaliser'],
    [
      'offsets that leave out spaces',
      { post_processor: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false } },
      'post-processor',
    ],
    ['another decoder', { decoder: { type: 'Fuse' } }, 'decoder'],
  ])('%s', async (_name, patch, reason) => {
    const { short } = await openTiny({ patch })
    expect(short).toMatchObject({ engine: 'tokenizers', slowBecause: expect.stringContaining(reason) })
  })

  it('an added token that takes in the space before it', async () => {
    const { default: tokenizer } = (await import(path.join(at('tiny'), 'tokenizer.json'), {
      with: { type: 'json' },
    })) as {
      default: { added_tokens: object[] }
    }
    const added = tokenizer.added_tokens.map((token) => ({ ...token, lstrip: true }))
    const { short } = await openTiny({ patch: { added_tokens: added } })
    expect(short).toMatchObject({ engine: 'tokenizers', slowBecause: expect.stringContaining('space around it') })
  })
})

it('many texts at the same time come out as one after another', async () => {
  const { short, official } = await bothWays(at('tiny'))
  const texts = Array.from({ length: 50 }, (_, index) => `word${index} and ${'x'.repeat(index)} <|im_end|>`)
  const ours = await Promise.all(texts.map((text) => short.encode(text)))
  for (const [index, text] of texts.entries()) {
    expect(ours[index]?.ids).toEqual((await official.encode(text)).ids)
  }
})

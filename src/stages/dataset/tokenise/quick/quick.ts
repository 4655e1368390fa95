import { FailureError, type Failure } from '../../../../nouns/index.js'
import type { ModelFiles } from '../../model-files.js'
import type { Native } from '../native.js'
import type { Tokeniser } from '../tokeniser.js'
import { BATTERY } from './battery.js'
import { openCharacters } from './characters.js'
import { openCutter } from './cutter.js'
import { encode, type Parts } from './encode.js'
import { normalisersIn, unfitness } from './fitness.js'
import { isInert } from './inert.js'
import { splitterFor } from './patterns.js'
import type { Splitter } from './splitter.js'
import { openTokenBytes } from './token-bytes.js'
import { openWordStore } from './word-store.js'

/** Units of each text that are encoded as a whole as well. */
const CHECKED = 1024

/**
 * The official tokeniser, asked once for each word: added tokens are cut out, words are found as its pre-tokeniser finds them, and
 * it encodes those not seen before. What is not surely the same this way is encoded by it as a whole. Where the steps are not known,
 * or a battery of texts comes out otherwise, it is the official one alone, and `slowBecause` says why.
 */
export async function quicken(native: Native, files: ModelFiles): Promise<Tokeniser> {
  const slow = (slowBecause: string): Tokeniser => ({ ...native.tokeniser, slowBecause })
  const unfit = unfitness(files.steps, files.addedTokens)
  if (unfit !== null) return slow(unfit)
  const opening = splitterFor(files.steps?.preTokenizer)
  if (opening === null) return slow('its pre-tokeniser is not known here')
  const parts = openParts(native, files, opening(openCharacters(native.tokenizers)))
  if (parts === null) return slow('no added token can stand between words')
  const different = await firstDifference(parts)
  return different === null ? asTokeniser(parts) : slow(`it came out otherwise on ${JSON.stringify(different)}`)
}

function openParts(
  { tokenizer, tokeniser }: Native,
  { addedTokens, steps }: ModelFiles,
  split: Splitter,
): Parts | null {
  const tokens = addedTokens.map((token) => ({ ...token, id: tokenizer.tokenToId(token.content) ?? token.id }))
  const added = new Map(tokens.map(({ id, content }) => [id, content]))
  const vocabulary = Math.max(tokenizer.getVocabSize(true), ...added.keys()) + 1
  const separator = tokens.find(({ content, normalized }) => !normalized && /^<[^\s<>]+>$/.test(content))
  if (separator === undefined) return null
  return {
    plain: tokeniser,
    tokenizer,
    cut: openCutter(tokens),
    split,
    store: openWordStore(),
    bytes: openTokenBytes({ idToToken: (id) => tokenizer.idToToken(id), added }, vocabulary),
    normalises: normalisersIn(steps).length > 0,
    separator,
  }
}

async function firstDifference(parts: Parts): Promise<string | null> {
  for (const text of BATTERY) {
    const { ids } = await encode(parts, text)
    const official = await parts.plain.encode(text)
    if (!areEqual(ids, official.ids)) return text
    const [decoded] = await parts.plain.decode([official.ids])
    if (decoded !== parts.bytes.decode(ids)) return text
  }
  return null
}

function asTokeniser(parts: Parts): Tokeniser {
  // One text at a time: the store counts on it.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
  return {
    engine: 'tokenizers, word by word',
    encode: (text) =>
      inTurn(async () => {
        await checkStart(parts, text)
        return encode(parts, text)
      }),
    decode: async (sequences) => sequences.map(parts.bytes.decode),
    normalise: (text) => (!parts.normalises || isInert(text, 0, text.length) ? text : parts.plain.normalise(text)),
  }
}

/** A difference here would be a mistake of ours: it ends the work rather than spoil a dataset. */
async function checkStart(parts: Parts, text: string): Promise<void> {
  const start = text.slice(0, CHECKED).toWellFormed()
  const [quick, official] = [await encode(parts, start), await parts.plain.encode(start)]
  if (!areEqual(quick.ids, official.ids)) throw new FailureError(otherIds(start))
}

const areEqual = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index])

const otherIds = (text: string): Failure => ({
  kind: 'input',
  code: 'tokenizer.ways-differ',
  message: `encoded word by word and as a whole, ${JSON.stringify(text.slice(0, 80))}… gives other ids`,
  remedy: 'report it with the model and this text; nothing was written',
})

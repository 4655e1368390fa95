import type { Tokenizer } from 'tokenizers'
import { encodedByBytes } from '../byte-edges.js'
import type { Encoded, Tokeniser } from '../tokeniser.js'
import type { Cutter, Piece } from './cutter.js'
import { isInert } from './inert.js'
import { joinEncoded, type EncodedPart } from './joined.js'
import type { Splitter } from './splitter.js'
import type { TokenBytes } from './token-bytes.js'
import type { WordStore } from './word-store.js'

/** What the words of all texts so far may take before they are forgotten; together some tens of megabytes. */
const MOST = { words: 200_000, units: 4_000_000 }

/** What encodes word by word. */
export interface Parts {
  readonly plain: Tokeniser
  readonly tokenizer: Tokenizer
  readonly cut: Cutter
  readonly split: Splitter
  readonly store: WordStore
  readonly bytes: TokenBytes
  readonly normalises: boolean
  /** An added token to stand between words that are encoded together. */
  readonly separator: { readonly content: string; readonly id: number }
}

/** One text at a time: the numbers of its words hold until the next one begins. */
export async function encode(parts: Parts, text: string): Promise<Encoded> {
  if (!text.isWellFormed()) return parts.plain.encode(text)
  const { store } = parts
  if (store.size.words > MOST.words || store.size.units > MOST.units) store.clear()
  const stretches = findWords(parts, text)
  if (!(await learnWords(parts))) {
    store.clear()
    return parts.plain.encode(text)
  }
  const encoded: EncodedPart[] = []
  for (const stretch of stretches) {
    const part = text.slice(stretch.start, stretch.end)
    const made = stretch.words === null ? null : encodedByBytes(part, idsOf(store, stretch.words), parts.bytes.lengthOf)
    encoded.push({ start: stretch.start, end: stretch.end, encoded: made ?? (await parts.plain.encode(part)) })
  }
  return encoded.length === 0 ? parts.plain.encode(text) : joinEncoded(encoded)
}

/** Text that is made of words and added tokens alone, or (`words` null) one that is encoded as a whole. */
interface Stretch {
  readonly start: number
  end: number
  /** Numbers of words; an added token as −1 minus its id. */
  readonly words: number[] | null
}

function findWords(parts: Parts, text: string): Stretch[] {
  const stretches: Stretch[] = []
  for (const piece of parts.cut(text)) {
    const last = stretches.at(-1)
    const words = last?.words ?? []
    const before = words.length
    if (!addWords(parts, text, piece, words)) {
      words.length = before
      stretches.push({ start: piece.start, end: piece.end, words: null })
    } else if (last?.words === words) last.end = piece.end
    else stretches.push({ start: piece.start, end: piece.end, words })
  }
  return stretches
}

function addWords({ normalises, plain, split, store }: Parts, text: string, piece: Piece, words: number[]): boolean {
  if (piece.id >= 0) {
    words.push(-1 - piece.id)
    return true
  }
  if (normalises && !isInert(text, piece.start, piece.end)) {
    const given = text.slice(piece.start, piece.end)
    if (plain.normalise(given) !== given) return false
  }
  return split(text, piece.start, piece.end, (start, end) => {
    words.push(store.numberOf(text, start, end))
  })
}

/** Has the official tokeniser encode all words not seen before, in one text; false where they cannot be told apart in it. */
async function learnWords({ cut, separator, store, tokenizer }: Parts): Promise<boolean> {
  const words = store.unknown()
  if (words.length === 0) return true
  const text = words.join(separator.content)
  if (!areApart(words, cut(text), separator.id)) return false
  const encoding = await tokenizer.encode(text, null, { addSpecialTokens: false })
  const ids = encoding.getIds()
  let from = 0
  for (let word = 0; word < words.length; word += 1) {
    const next = ids.indexOf(separator.id, from)
    const to = next < 0 ? ids.length : next
    store.learn(ids.slice(from, to))
    from = to + 1
  }
  return from === ids.length + 1
}

/** True where a text is cut into just these words, the separator between any two. */
function areApart(words: readonly string[], pieces: readonly Piece[], separator: number): boolean {
  if (pieces.length !== 2 * words.length - 1) return false
  return pieces.every(({ start, end, id }, index) =>
    index % 2 === 1 ? id === separator : id < 0 && end - start === words[index / 2]?.length,
  )
}

function idsOf(store: WordStore, words: readonly number[]): number[] {
  const ids: number[] = []
  for (const word of words) {
    if (word < 0) ids.push(-1 - word)
    else store.appendTo(ids, word)
  }
  return ids
}

import { FailureError, type Failure } from '../../../../nouns/index.js'

/** What each token is in bytes. */
export interface TokenBytes {
  /** How many bytes of the text a token stands for. */
  readonly lengthOf: (id: number) => number
  /** The text of a sequence, as the byte-level decoder gives it; parts of characters become U+FFFD. */
  readonly decode: (ids: ArrayLike<number>) => string
}

interface TokenTexts {
  readonly idToToken: (id: number) => string | null
  /** Texts of added tokens by id. */
  readonly added: ReadonlyMap<number, string>
}

/** Looks tokens up as they come; they are kept as bytes in one buffer. */
export function openTokenBytes({ idToToken, added }: TokenTexts, vocabulary: number): TokenBytes {
  const starts = new Int32Array(vocabulary).fill(-1)
  const sizes = new Uint32Array(vocabulary)
  const spans = new Uint32Array(vocabulary)
  let store = Buffer.alloc(1 << 16)
  let stored = 0
  const load = (id: number): void => {
    const token = idToToken(id)
    if (token === null || id >= vocabulary) throw new FailureError(noToken(id))
    const bytes = bytesOfToken(token)
    if (stored + bytes.length > store.length) store = Buffer.concat([store], 2 * (stored + bytes.length))
    bytes.copy(store, stored)
    starts[id] = stored
    sizes[id] = bytes.length
    spans[id] = added.has(id) ? Buffer.byteLength(token) : bytes.length
    stored += bytes.length
  }
  const require = (id: number): number => {
    if ((starts[id] ?? -1) < 0) load(id)
    return starts[id] ?? 0
  }
  return {
    lengthOf: (id) => {
      require(id)
      return spans[id] ?? 0
    },
    decode: (ids) => {
      let total = 0
      for (let token = 0; token < ids.length; token += 1) {
        const id = ids[token] ?? -1
        require(id)
        total += sizes[id] ?? 0
      }
      const bytes = Buffer.allocUnsafe(total)
      let at = 0
      for (let token = 0; token < ids.length; token += 1) {
        const id = ids[token] ?? 0
        const start = starts[id] ?? 0
        const end = start + (sizes[id] ?? 0)
        for (let from = start; from < end; from += 1, at += 1) bytes[at] = store[from] ?? 0
      }
      return bytes.toString('utf8')
    },
  }
}

/** GPT-2's alphabet: the character that stands for each byte; printable ones stand for themselves. */
function byteAlphabet(): ReadonlyMap<string, number> {
  const alphabet = new Map<string, number>()
  let extra = 0x100
  for (let byte = 0; byte < 0x100; byte += 1) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    alphabet.set(String.fromCharCode(printable ? byte : extra++), byte)
  }
  return alphabet
}

const BYTES = byteAlphabet()

/** A token outside the alphabet, such as an added one, is text. */
function bytesOfToken(token: string): Buffer {
  const bytes: number[] = []
  for (const character of token) {
    const byte = BYTES.get(character)
    if (byte === undefined) return Buffer.from(token)
    bytes.push(byte)
  }
  return Buffer.from(bytes)
}

const noToken = (id: number): Failure => ({
  kind: 'input',
  code: 'tokenizer.unreadable',
  message: `the tokeniser has no token ${id}`,
  remedy: 'fetch the model folder again, or save its tokenizer again with transformers',
})

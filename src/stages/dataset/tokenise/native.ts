import type { Encoding, Tokenizer } from 'tokenizers'
import { placesIn } from './places.js'
import type { Encoded, Tokeniser } from './tokeniser.js'

/** Hugging Face's own tokenizers, by its binding, and what it makes a tokeniser of. */
export interface Native {
  readonly tokenizers: typeof Tokenizer
  readonly tokenizer: Tokenizer
  readonly tokeniser: Tokeniser
}

/** Throws where no binary exists for this machine. */
export async function openNative(tokenizerJson: string): Promise<Native> {
  const { Tokenizer: tokenizers } = await import('tokenizers')
  const tokenizer = tokenizers.fromString(tokenizerJson)
  tokenizer.disableTruncation()
  tokenizer.disablePadding()
  const normaliser = tokenizer.getNormalizer()
  const tokeniser: Tokeniser = {
    engine: 'tokenizers',
    encode: async (text) => asEncoded(text, await tokenizer.encode(text, null, { addSpecialTokens: false })),
    decode: (sequences) =>
      sequences.length === 0
        ? Promise.resolve([])
        : tokenizer.decodeBatch(
            sequences.map((ids) => [...ids]),
            false,
          ),
    normalise: (text) => normaliser?.normalizeString(text) ?? text,
  }
  return { tokenizers, tokenizer, tokeniser }
}

function asEncoded(text: string, encoding: Encoding): Encoded {
  const places = placesIn(text)
  return {
    ids: encoding.getIds(),
    tokenAt: (place) => encoding.charToToken(places.toCodePoint(place)),
    rangeOf: (token) => {
      const range = encoding.tokenToChars(token)
      return range ? [places.toUtf16(range[0]), places.toUtf16(range[1])] : null
    },
  }
}

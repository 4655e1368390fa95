import { Tokenizer } from '@huggingface/tokenizers'
import { FailureError } from '../../../nouns/index.js'
import type { AddedToken } from '../model-files.js'
import { encodedByBytes } from './byte-edges.js'
import type { Tokeniser } from './tokeniser.js'

/** As the package documents it; its own types do not resolve under Node's module rules. */
interface PortableTokenizer {
  encode(text: string, options: object): { readonly ids: readonly number[]; readonly tokens: readonly string[] }
  decode(ids: readonly number[], options: object): string
  readonly normalizer: { normalize(text: string): string } | null
}
type PortableConstructor = new (tokenizer: object, config: object) => PortableTokenizer

/**
 * The same algorithm in JavaScript, for machines without a binary. It tells no offsets: they are the bytes of each token,
 * which is exact for byte-level tokenisers; where the bytes do not add up to the text's, encoding fails rather than guess.
 */
export function openPortable(tokenizerJson: string, added: readonly AddedToken[], config: object): Tokeniser {
  const tokenizer = new (Tokenizer as unknown as PortableConstructor)(JSON.parse(tokenizerJson) as object, config)
  const addedBytes = new Map(added.map(({ id, content }) => [id, Buffer.byteLength(content)]))
  const { normalizer } = tokenizer
  return {
    engine: '@huggingface/tokenizers',
    encode: async (text) => {
      const { ids, tokens } = tokenizer.encode(text, { add_special_tokens: false })
      // A byte-level token is written with one character a byte, each within one UTF-16 unit.
      const encoded = encodedByBytes(text, ids, (id, token) => addedBytes.get(id) ?? tokens[token]?.length ?? 0)
      if (encoded === null) throw new FailureError(noOffsets)
      return encoded
    },
    decode: async (sequences) =>
      sequences.map((ids) =>
        tokenizer.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
      ),
    normalise: (text) => (normalizer === null ? text : normalizer.normalize(text)),
  }
}

const noOffsets = {
  kind: 'missing' as const,
  code: 'tokenizer.no-offsets',
  message: 'without its binary, the tokeniser of this model cannot say where in the text a token lies',
  remedy: 'use a system for which the npm package `tokenizers` has a binary (Linux, macOS or Windows on x64 or arm64)',
}

/** A text as token ids, with the place of each; all places are UTF-16 units of the text that was given. */
export interface Encoded {
  readonly ids: readonly number[]
  /** The first token that holds the character at a place, as transformers' `char_to_token`; null where none does. */
  tokenAt(place: number): number | null
  /** The characters that a token holds some byte of, half-open; neighbours overlap where a character is cut. */
  rangeOf(token: number): readonly [number, number] | null
}

/**
 * What encodes: Hugging Face's tokenizers (`tokenizers`), the same asked once for each word (`tokenizers, word by word`), or the
 * JavaScript port. The ids are the same.
 */
export type Engine = 'tokenizers' | 'tokenizers, word by word' | '@huggingface/tokenizers'

export interface Tokeniser {
  readonly engine: Engine
  /** Why words are not encoded one by one, which is faster; absent where they are. */
  readonly slowBecause?: string
  /** Without the special tokens that a post-processor would add: a chat template brings its own. */
  encode(text: string): Promise<Encoded>
  /** Texts of sequences of ids, special tokens included. */
  decode(sequences: readonly (readonly number[])[]): Promise<readonly string[]>
  /** What decoding can give back of a text: normalised as the tokeniser does (NFC, for example). */
  normalise(text: string): string
}

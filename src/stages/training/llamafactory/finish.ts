import { rm } from 'node:fs/promises'
import path from 'node:path'
import { done, type Result } from '../../../nouns/index.js'
import { execute, offlineVariables } from '../../../shared/python/index.js'
import type { TrainingJob } from '../engine.js'
import { copyFiles, isTokenizerFile, isWeightsFile, makeModel } from '../model-files.js'
import { layoutOf } from './layout.js'
import type { Runtime } from './run.js'

/**
 * Makes `model/` of what LLaMA-Factory left: its weights, or the base with the adapter merged in by its own `export`. Tokenizer, chat template
 * and stop tokens are the base's own files.
 */
export async function finishModel(job: TrainingJob, runtime: Runtime, trained: string): Promise<Result<void>> {
  const { model, merged } = layoutOf(job.folder)
  return makeModel(model, async (making) => {
    const isFull = job.recipe.method === 'full'
    const exported = isFull ? done(undefined) : await mergeAdapter(job, runtime, trained)
    if (!exported.ok) return exported
    await copyFiles(isFull ? trained : merged, making, isWeightsFile)
    await copyFiles(job.base.folder, making, (name) => isTokenizerFile(name) || name === 'generation_config.json')
    await rm(merged, { recursive: true, force: true })
    return done(undefined)
  })
}

async function mergeAdapter(job: TrainingJob, runtime: Runtime, adapter: string): Promise<Result<unknown>> {
  const { work, merged } = layoutOf(job.folder)
  await rm(merged, { recursive: true, force: true })
  const from = `adapter_name_or_path=${path.relative(work, adapter)}`
  const args = ['-m', 'llamafactory.cli', 'export', 'export.yaml', from]
  return execute(runtime.installed.python, args, { cwd: work, env: offlineVariables(runtime.cacheRoot) })
}

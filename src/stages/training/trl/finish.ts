import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import { execute, offlineVariables } from '../../../shared/python/index.js'
import type { TrainingJob } from '../engine.js'
import { isTokenizerFile } from '../model-files.js'
import { layoutOf } from './layout.js'
import { historyOf, lastCheckpoint, resultOf } from './resume.js'
import { helperAt, isFinished, type Runtime } from './run.js'

/**
 * Makes `model/` from what TRL left: its weights, or the base with the adapter merged in. Tokenizer and chat template are the
 * base's own, byte for byte.
 */
export async function finishModel(job: TrainingJob, runtime: Runtime): Promise<Result<void>> {
  const { output, model } = layoutOf(job.folder)
  const making = `${model}.part`
  try {
    await rm(making, { recursive: true, force: true })
    await mkdir(making, { recursive: true })
    const trained = await trainedIn(job, output)
    if (!trained.ok) return trained
    const weights = await takeWeights(job, runtime, trained.value, making)
    if (!weights.ok) return weights
    for (const name of (await readdir(job.base.folder)).filter(isTokenizerFile)) {
      await copyFile(path.join(job.base.folder, name), path.join(making, name))
    }
    await rm(model, { recursive: true, force: true })
    await rename(making, model)
    return done(undefined)
  } catch (error) {
    return failed(diskFailure(error, model))
  }
}

async function trainedIn(job: TrainingJob, output: string): Promise<Result<string>> {
  const last = await lastCheckpoint(output)
  if (last === null || !isFinished(last, job)) return done(output)
  const history = await historyOf(last)
  return history.ok ? done(resultOf(last, history.value, job.recipe.earlyStopping !== undefined)) : history
}

async function takeWeights(
  job: TrainingJob,
  runtime: Runtime,
  trained: string,
  target: string,
): Promise<Result<unknown>> {
  if (job.recipe.method !== 'full') {
    const args = [helperAt('merge_lora.py'), job.base.folder, trained, target]
    return execute(runtime.environment.python, args, { env: offlineVariables(runtime.cacheRoot) })
  }
  for (const name of await readdir(trained)) {
    const isWeights = name.endsWith('.safetensors') || name.endsWith('.safetensors.index.json')
    if (isWeights || name === 'config.json' || name === 'generation_config.json') {
      await copyFile(path.join(trained, name), path.join(target, name))
    }
  }
  return done(undefined)
}

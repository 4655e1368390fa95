import { done, type Result } from '../../../nouns/index.js'
import { execute, offlineVariables } from '../../../shared/python/index.js'
import type { TrainingJob } from '../engine.js'
import { historyOf, lastCheckpoint, resultOf } from '../local/index.js'
import { copyFiles, isTokenizerFile, isWeightsFile, makeModel } from '../model-files.js'
import { layoutOf } from './layout.js'
import { helperAt, isFinished, type Runtime } from './run.js'

/**
 * Makes `model/` from what TRL left: its weights, or the base with the adapter merged in. Tokenizer and chat template are the
 * base's own, byte for byte.
 */
export function finishModel(job: TrainingJob, runtime: Runtime): Promise<Result<void>> {
  const { output, model } = layoutOf(job.folder)
  return makeModel(model, async (making) => {
    const trained = await trainedIn(job, output)
    if (!trained.ok) return trained
    const weights = await takeWeights(job, runtime, trained.value, making)
    if (weights.ok) await copyFiles(job.base.folder, making, isTokenizerFile)
    return weights
  })
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
  await copyFiles(trained, target, (name) => isWeightsFile(name) || name === 'generation_config.json')
  return done(undefined)
}

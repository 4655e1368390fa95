import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { TrainingJob, TrainingPlan } from '../engine.js'
import { refusalHere, unsupported } from '../local/index.js'
import { samplesSeen, stepsOfJob } from '../steps.js'
import { devicesOf, evaluateEvery, spreadOf, type Spread } from './batches.js'

/** What a run does on so many GPUs, and what of the recipe LLaMA-Factory does otherwise. */
export function planOn(job: TrainingJob, gpus: number): Result<TrainingPlan> {
  const refused = refusalOn(job, gpus)
  if (refused !== null) return failed(refused)
  const { dataset, recipe } = job
  const samples = samplesSeen(recipe, dataset.samples.length)
  const each = dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0) / dataset.samples.length
  const steps = stepsOfJob(job)
  const estimate = { steps, samples, tokens: Math.round(each * samples), seconds: null, memoryBytes: null }
  return done({ estimate, notes: [...onBatches(job, gpus), ...onMeasuring(job), ...onMethod(job, gpus), ON_STOPPING] })
}

/** How the batch is spread over so many GPUs. Failure: `recipe.unsupported`. */
export function spreadOn(job: TrainingJob, gpus: number): Result<Spread> {
  const spread = spreadOf(job, gpus)
  const refused = refusalOn(job, gpus)
  return refused === null && spread !== null ? done(spread) : failed(refused ?? uneven(job, gpus))
}

const ON_STOPPING =
  'LLaMA-Factory saves nothing when it is stopped: it goes on from the last step that saveEvery had it save'

function onBatches(job: TrainingJob, gpus: number): readonly string[] {
  const { dataset, recipe } = job
  const count = dataset.samples.length
  const total = samplesSeen(recipe, count)
  const steps = stepsOfJob(job)
  const alone = Math.ceil((total / count) * Math.ceil(count / recipe.batchSize))
  const note =
    alone === steps
      ? `the tokenised data holds ${total} rows of ${count} samples: the epochs, each in its own order`
      : `the tokenised data holds ${total} rows of ${count} samples, the epochs one after another, so that a batch may span two: ${steps} steps, where LLaMA-Factory by itself would cut batches at each epoch and take ${alone}`
  if (gpus <= 1 || total % gpus === 0) return [note]
  return [note, `on ${gpus} devices the last batch is filled up with samples from the beginning`]
}

function onMeasuring(job: TrainingJob): readonly string[] {
  const { heldOut, recipe } = job
  if (heldOut === undefined) return []
  const every = evaluateEvery(job)
  const mean = `held-out loss is measured every ${every} steps and at the end; it is the mean over samples of each sample's mean, not the mean over all tokens`
  if (recipe.earlyStopping === undefined) return [mean]
  return [
    mean,
    `early stopping counts these measurements, ${recipe.earlyStopping.patience} without a lower loss, and each is saved: saveEvery is not used`,
  ]
}

function onMethod({ recipe }: TrainingJob, gpus: number): readonly string[] {
  if (gpus === 0 && recipe.precision === 'bf16') return ['no NVIDIA GPU is here, so run.yaml says use_cpu']
  if (recipe.method === 'full' || gpus === 0 || recipe.precision === 'bf16') return []
  return ['the frozen base stays in the precision of its files; only what trains is fp32']
}

function refusalOn(job: TrainingJob, gpus: number): Failure | null {
  const { method, lora } = job.recipe
  if (spreadOf(job, gpus) === null) return uneven(job, gpus)
  if (method !== 'full' && !Number.isInteger(lora?.alpha)) {
    return unsupported('LLaMA-Factory takes lora.alpha as a whole number only', 'round it, or use another engine')
  }
  return refusalHere(job.recipe, gpus)
}

function uneven({ recipe }: TrainingJob, gpus: number): Failure {
  const { batchSize, microBatch } = recipe
  const each = microBatch === undefined ? '' : `microBatch ${microBatch} × `
  const message = `batchSize ${batchSize} is no multiple of ${each}${devicesOf(gpus)} devices`
  return unsupported(message, 'choose sizes that fit, or fewer devices by CUDA_VISIBLE_DEVICES')
}

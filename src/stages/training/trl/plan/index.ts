import os from 'node:os'
import type { TrainingEstimate } from '../../../../nouns/index.js'
import type { Gpu } from '../../../../shared/python/index.js'
import type { TrainingJob, TrainingPlan } from '../../engine.js'
import { samplesSeen, stepsOf } from '../../steps.js'
import { flopsOfMeasuring, flopsOfMicroBatch, memoryOf, paddedOf } from './cost.js'
import { shapeOf, type ModelShape } from '../../local/index.js'
import { copiesNote, gpuNotes, memoryNote, secondsNote, stepsNote } from './notes.js'
import { keepSpeed, processorHere, speedHere } from './speed.js'

/** Starting Python, loading libraries and model, saving: seen with a model of 0.1 billion parameters. */
const START_SECONDS = 20

/** What a run will do and is expected to take; an estimate is null where nothing is known to go by. */
export async function planTrl(job: TrainingJob, gpus: readonly Gpu[], cacheRoot: string): Promise<TrainingPlan> {
  const { recipe, base } = job
  const lengths = lengthsOf(job.dataset.samples)
  const shape = await shapeOf(base.folder)
  const speed = shape === null ? null : await speedHere(cacheRoot, gpus, recipe, shape.parameters)
  const longest = lengths.reduce((most, each) => Math.max(most, each), 0)
  const samples = seenIn(job)
  const estimate: TrainingEstimate = {
    steps: stepsOf(recipe, lengths.length),
    samples,
    tokens: Math.round((sum(lengths) / Math.max(1, lengths.length)) * samples),
    seconds: shape === null || speed === null ? null : Math.round(START_SECONDS + flopsOf(job, shape) / speed.flops),
    memoryBytes: shape === null ? null : Math.round(memoryOf(shape, recipe, atOnceOf(job), longest)),
  }
  const available = gpus[0]?.memoryBytes ?? os.totalmem()
  const notes = [
    stepsNote(job, estimate),
    copiesNote(job),
    secondsNote(speed, shape),
    shape === null ? null : memoryNote(job, longest, atOnceOf(job), available),
    tooLarge(estimate.memoryBytes, available),
    ...gpuNotes(job, gpus),
  ]
  return { estimate, notes: notes.filter((note) => note !== null) }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

const lengthsOf = (samples: TrainingJob['dataset']['samples']): readonly number[] =>
  samples.map(({ input_ids: ids }) => ids.length)

const atOnceOf = ({ recipe, dataset }: TrainingJob): number =>
  Math.min(recipe.microBatch ?? recipe.batchSize, Math.max(1, dataset.samples.length))

/** Where a recipe counts steps, TRL's own script cuts the batches of each epoch anew: its last one may be smaller. */
function seenIn({ recipe, dataset, heldOut }: TrainingJob): number {
  const { length } = dataset.samples
  const { steps, batchSize } = recipe
  if (steps === undefined || heldOut !== undefined || length === 0) return samplesSeen(recipe, length)
  const perEpoch = Math.ceil(length / batchSize)
  return Math.floor(steps / perEpoch) * length + Math.min((steps % perEpoch) * batchSize, length)
}

function tooLarge(needed: number | null, available: number): string | null {
  if (needed === null || needed <= available) return null
  return 'this will probably not fit into memory: set a smaller microBatch or gradientCheckpointing: true (the same losses), or use a LoRA recipe'
}

/** FLOP of the whole run, held-out evaluations included. */
function flopsOf(job: TrainingJob, shape: ModelShape): number {
  const { dataset, heldOut } = job
  const lengths = lengthsOf(dataset.samples)
  const samples = seenIn(job)
  const measuring = heldOut === undefined ? 0 : flopsOfMeasuring(shape, lengthsOf(heldOut.samples))
  const epochs = Math.ceil(samples / Math.max(1, lengths.length))
  return samples * flopsOfSample(job, shape) + epochs * measuring
}

/** The mean, padding counted. */
function flopsOfSample(job: TrainingJob, shape: ModelShape): number {
  const atOnce = Math.min(atOnceOf(job), job.dataset.samples.length)
  return flopsOfMicroBatch(shape, job.recipe, atOnce, paddedOf(lengthsOf(job.dataset.samples), atOnce)) / atOnce
}

/** Keeps how fast a finished run was, for the next plan (mean of the steps; saving and measuring left out). */
export async function learnSpeed(
  job: TrainingJob,
  device: string,
  secondsPerStep: number,
  cacheRoot: string,
): Promise<void> {
  const shape = await shapeOf(job.base.folder)
  if (shape === null || secondsPerStep <= 0) return
  const flops = (job.recipe.batchSize * flopsOfSample(job, shape)) / secondsPerStep
  await keepSpeed(cacheRoot, device === 'cpu' ? processorHere() : device, job.recipe, shape.parameters, flops)
}

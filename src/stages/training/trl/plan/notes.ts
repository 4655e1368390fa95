import type { TrainingEstimate } from '../../../../nouns/index.js'
import { formatBytes, type Gpu } from '../../../../shared/python/index.js'
import type { TrainingJob } from '../../engine.js'
import { stepsOf } from '../../steps.js'
import type { ModelShape } from '../../local/index.js'
import type { Speed } from './speed.js'

/** How the steps come about. */
export function stepsNote({ recipe, dataset }: TrainingJob, { steps, samples }: TrainingEstimate): string {
  const count = dataset.samples.length
  const { epochs, batchSize } = recipe
  if (epochs === undefined) {
    const perEpoch = Math.ceil(count / batchSize)
    const seen = (steps / perEpoch).toFixed(1)
    return `${steps} steps of ${batchSize} samples, as the recipe says: each of the ${count} samples is seen ${seen} times`
  }
  const last = samples - (steps - 1) * batchSize
  const rest = last === batchSize ? '' : `, the last of ${last}`
  return `${count} samples × ${epochs} epochs = ${samples}, in batches of ${batchSize}: ${steps} steps${rest}; a batch may span two epochs`
}

/** GAIR-NLP/LIMI, scripts/data_prepare/run_pipeline.sh: `--duplicate_times 2`; the option's own default is 10. */
const PAPER_COPIES = 2

/** The paper's data script repeats rows; its tables do not. */
export function copiesNote({ recipe, dataset }: TrainingJob): string | null {
  const { epochs } = recipe
  if (epochs === undefined) return null
  const count = dataset.samples.length
  const more = { ...recipe, epochs: epochs * PAPER_COPIES }
  return `rows are not copied: a row ${PAPER_COPIES} times in the data, as the paper's own data script writes it, would be the same as epochs: ${epochs * PAPER_COPIES} (${stepsOf(more, count)} steps)`
}

export function secondsNote(speed: Speed | null, shape: ModelShape | null): string {
  if (shape === null)
    return 'no estimate of time and memory: the base model has no config.json and safetensors to read its size from'
  const size = `${(shape.parameters / 1e9).toFixed(2)} billion parameters`
  if (speed === null) return `no estimate of time: how fast this GPU trains ${size} is not known before the first run`
  return `time: FLOP of the passes over ${size} and of attention, padding in a micro-batch counted, at ${(speed.flops / 1e9).toFixed(0)} GFLOP/s (${speed.source})`
}

export function memoryNote({ recipe }: TrainingJob, longest: number, atOnce: number, available: number): string {
  const states =
    recipe.method === 'full'
      ? 'weights, gradients and two Adam moments in fp32'
      : 'the frozen base, and adapters with gradients and Adam moments'
  return `memory: libraries, ${states}, and activations of the longest micro-batch (${atOnce} × ${longest} tokens); ${formatBytes(available)} are there`
}

export function gpuNotes({ recipe }: TrainingJob, gpus: readonly Gpu[]): readonly string[] {
  const notes: string[] = []
  if (gpus.length > 0) notes.push('training on a GPU was never run by the makers of limi: look at the first steps')
  if (recipe.method === 'qlora') notes.push('qlora was never run by the makers of limi: look at the first steps')
  if (gpus.length > 1 && recipe.epochs !== undefined) {
    notes.push(
      `limi trains on one of the ${gpus.length} GPUs; for all of them run, in the run's folder trl/: accelerate launch --num_processes ${gpus.length} train.py --config run.yaml (never run)`,
    )
  }
  if (gpus.length > 1 && recipe.epochs === undefined)
    notes.push(`limi trains on one of the ${gpus.length} GPUs; a recipe in epochs can use them all`)
  return notes
}

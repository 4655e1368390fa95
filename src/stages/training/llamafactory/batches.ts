import type { TrainingJob } from '../engine.js'

/** How a batch is spread: samples that a device holds at once × how often it does so × devices. */
export interface Spread {
  readonly perDevice: number
  readonly accumulation: number
  /** 0: the processor trains. */
  readonly gpus: number
}

export const devicesOf = (gpus: number): number => Math.max(1, gpus)

/** Null where the batch cannot be spread evenly. */
export function spreadOf({ recipe }: TrainingJob, gpus: number): Spread | null {
  const devices = devicesOf(gpus)
  const perDevice = recipe.microBatch ?? recipe.batchSize / devices
  const accumulation = recipe.batchSize / (perDevice * devices)
  return Number.isInteger(perDevice) && Number.isInteger(accumulation) ? { perDevice, accumulation, gpus } : null
}

/** Steps between two measurements on the held-out dataset: at least one an epoch, since LLaMA-Factory measures at regular steps. */
export const evaluateEvery = ({ recipe, dataset }: TrainingJob): number =>
  Math.max(1, Math.floor(dataset.samples.length / recipe.batchSize))

/** Tokens that the optimiser has seen after each step, by the order in which the samples come. */
export function tokensBySteps({ dataset, recipe }: TrainingJob, order: readonly number[]): readonly number[] {
  const sums: number[] = []
  let sum = 0
  for (const [at, index] of order.entries()) {
    sum += dataset.samples[index]?.input_ids.length ?? 0
    if ((at + 1) % recipe.batchSize === 0 || at + 1 === order.length) sums.push(sum)
  }
  return sums
}

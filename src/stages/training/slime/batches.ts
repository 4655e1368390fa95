import type { TrainingJob } from '../engine.js'
import { randomFrom } from '../../../shared/random/index.js'
import { samplesSeen } from '../steps.js'

/**
 * The rows of each optimiser step: every epoch is a shuffle of its own from the recipe's seed, one follows the other, and a batch
 * may span two. Only the last step may have fewer rows than the batch size.
 */
export function batchesOf({ recipe, dataset }: TrainingJob): readonly (readonly number[])[] {
  const rows = dataset.samples.map((_, row) => row)
  const random = randomFrom(`slime ${String(recipe.seed)}`)
  const seen = rows.length === 0 ? 0 : samplesSeen(recipe, rows.length)
  const order: number[] = []
  while (order.length < seen) order.push(...random.shuffle(rows))
  const steps = Math.ceil(seen / recipe.batchSize)
  return Array.from({ length: steps }, (_, step) =>
    order.slice(step * recipe.batchSize, Math.min(seen, (step + 1) * recipe.batchSize)),
  )
}

/** Tokens that can be trained: position 0 has nothing before it that would predict it. */
export const trainableTokens = (labels: readonly number[]): number =>
  labels.reduce((count, label, position) => (position > 0 && label !== -100 ? count + 1 : count), 0)

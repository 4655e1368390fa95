import type { Failure, Sample } from '../../../nouns/index.js'
import type { TrainingJob } from '../engine.js'

/** Why TRL cannot follow this recipe on a machine with so many GPUs; null where it can. */
export function unsupported(job: TrainingJob, gpus: number): Failure | null {
  const { recipe, heldOut } = job
  const { batchSize, microBatch = batchSize, finalLearningRate = 0 } = recipe
  if (batchSize % microBatch !== 0) {
    const says = `microBatch ${String(microBatch)} does not divide batchSize ${String(batchSize)}`
    return refused(says, 'choose a microBatch that does')
  }
  if (finalLearningRate > 0 && recipe.schedule === 'constant') {
    return refused('a constant schedule has no finalLearningRate', 'use schedule cosine or linear, or leave it out')
  }
  if (finalLearningRate > recipe.learningRate) {
    return refused('finalLearningRate is above learningRate', 'lower finalLearningRate')
  }
  if (recipe.earlyStopping !== undefined && heldOut === undefined) {
    return refused('early stopping needs a held-out dataset', 'name one with --held-out, or leave earlyStopping out')
  }
  if (heldOut !== undefined && !heldOut.samples.some(hasTrained)) return emptyHeldOut(heldOut.id)
  if (recipe.method === 'qlora' && gpus === 0) {
    const remedy = 'use a LoRA recipe here, or run it on a machine with an NVIDIA GPU'
    return refused(
      'method qlora holds the base in 4 bits by bitsandbytes, which needs an NVIDIA GPU; none is here',
      remedy,
    )
  }
  return null
}

/** The first token is never predicted, so a label there does not count. */
const hasTrained = ({ labels }: Sample): boolean => labels.some((label, index) => index > 0 && label !== -100)

const refused = (message: string, remedy: string): Failure => ({
  kind: 'input',
  code: 'recipe.unsupported',
  message,
  where: 'recipe',
  remedy,
})

const emptyHeldOut = (where: string): Failure => ({
  kind: 'input',
  code: 'dataset.empty',
  message: 'the held-out dataset has no token that the assistant said, so it has no loss',
  where,
  remedy: 'build it from at least one trajectory that teaches, or leave it out',
})

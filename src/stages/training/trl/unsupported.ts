import type { Failure, Sample } from '../../../nouns/index.js'
import type { TrainingJob } from '../engine.js'
import { refusalHere, unsupported } from '../local/index.js'

/** Why TRL cannot follow this recipe on a machine with so many GPUs; null where it can. */
export function refusalOfTrl({ recipe, heldOut }: TrainingJob, gpus: number): Failure | null {
  const { batchSize, microBatch = batchSize } = recipe
  if (batchSize % microBatch !== 0) {
    const says = `microBatch ${String(microBatch)} does not divide batchSize ${String(batchSize)}`
    return unsupported(says, 'choose a microBatch that does')
  }
  if (heldOut !== undefined && !heldOut.samples.some(hasTrained)) return emptyHeldOut(heldOut.id)
  return refusalHere(recipe, gpus)
}

/** The first token is never predicted, so a label there does not count. */
const hasTrained = ({ labels }: Sample): boolean => labels.some((label, index) => index > 0 && label !== -100)

const emptyHeldOut = (where: string): Failure => ({
  kind: 'input',
  code: 'dataset.empty',
  message: 'the held-out dataset has no token that the assistant said, so it has no loss',
  where,
  remedy: 'build it from at least one trajectory that teaches, or leave it out',
})

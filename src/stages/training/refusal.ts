import type { Failure } from '../../nouns/index.js'
import { digestOf } from '../../shared/project/index.js'
import type { TrainingJob } from './engine.js'

/** Why a job cannot be trained, whatever the engine; null where it can. */
export function refusalOf(job: TrainingJob, proof: 'ok' | 'failed'): Failure | null {
  const where = job.dataset.id
  if (proof !== 'ok') {
    const message = 'the proof of this dataset failed: what would be trained is not what the assistant said'
    const remedy = 'run `limi dataset check` to see which sample, and build the dataset again'
    return { kind: 'input', code: 'dataset.unproved', message, where, remedy }
  }
  if (job.dataset.samples.length === 0 && job.recipe.steps !== 0) {
    const remedy = 'select at least one trajectory'
    return { kind: 'input', code: 'dataset.empty', message: 'this dataset has no samples', where, remedy }
  }
  if (job.recipe.earlyStopping !== undefined && job.heldOut === undefined) {
    const message = 'early stopping looks at the loss on a held-out dataset, and none is named'
    return { kind: 'input', code: 'training.no-held-out', message, remedy: 'name one with --held-out DATASET' }
  }
  if (job.recipe.steps === 0 && job.base.folder === '') {
    const message = 'no steps give the base’s own weights, and a service keeps those'
    return { kind: 'input', code: 'recipe.unsupported', message, remedy: 'train for at least one step' }
  }
  return heldOutRefusal(job)
}

const NAMED = 5

/** What is measured on must not be taught. */
function heldOutRefusal({ dataset, heldOut }: TrainingJob): Failure | null {
  if (heldOut === undefined) return null
  const where = heldOut.id
  if (heldOut.samples.length === 0) {
    const message = 'the held-out dataset has no samples'
    return { kind: 'input', code: 'dataset.empty', message, where, remedy: 'hold out at least one trajectory' }
  }
  const taught = new Set(dataset.samples.flatMap((sample) => [sample.trajectory, contentOf(sample)]))
  const shared = heldOut.samples.filter((sample) => taught.has(sample.trajectory) || taught.has(contentOf(sample)))
  const names = [...new Set(shared.map(({ trajectory }) => trajectory))]
  if (names.length === 0) return null
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return {
    kind: 'input',
    code: 'held-out.overlap',
    message: `${names.length} held-out ${names.length === 1 ? 'trajectory is' : 'trajectories are'} in ${dataset.id} too: ${names.slice(0, NAMED).join(', ')}${more}`,
    where,
    remedy:
      '`limi curate --without` makes a selection that shares nothing with others: build the held-out dataset of one',
  }
}

const contentOf = ({ input_ids: ids, labels }: TrainingJob['dataset']['samples'][number]): string =>
  digestOf(JSON.stringify([ids, labels]))

import { FailureError, type Trajectory } from '../../../nouns/index.js'
import { samplesOf, type CollectOptions, type Yield } from '../collect.js'
import type { DatasetModel } from '../model.js'
import type { MadeSample } from '../sample.js'

/** The samples of a trajectory that makes some. */
export function samplesIn(made: Yield): readonly MadeSample[] {
  if ('problem' in made) throw new FailureError(made.problem.failure)
  return made.samples
}

/** The samples of a trajectory, of any length. */
export const samplesFor = async (
  model: DatasetModel,
  trajectory: Trajectory,
  options: Partial<CollectOptions> = {},
): Promise<readonly MadeSample[]> => samplesIn(await samplesOf(model, trajectory, { maxTokens: Infinity, ...options }))

/** The sample of a trajectory that makes one, and all notes. */
export async function onlySample(model: DatasetModel, trajectory: Trajectory): Promise<MadeSample> {
  const made = await samplesOf(model, trajectory, { maxTokens: Infinity })
  const [first, ...others] = samplesIn(made)
  if (first === undefined || others.length > 0 || 'problem' in made) throw new Error('not one sample')
  return { ...first, notes: made.notes }
}

import {
  failed,
  done,
  type DatasetManifest,
  type Failure,
  type Result,
  type Sample,
  type Trajectory,
} from '../../../nouns/index.js'
import { collectSamples, type Trajectories } from '../collect.js'
import type { Conversation } from '../conversation/index.js'
import { streamSamples } from '../files.js'
import type { DatasetModel } from '../model.js'
import { parametersOf } from '../prove/check.js'
import { asShown } from './as-shown.js'
import { asTrajectory } from './as-trajectory.js'

export interface ConversationSources {
  readonly folder: string
  readonly manifest: DatasetManifest
  /** The chosen trajectories in the order of the selection. */
  readonly trajectories: Trajectories
  readonly model: DatasetModel
}

/** A stored sample, the conversation that it is a rendering of with the reasoning that it shows, and the same as a trajectory of its own. */
export interface SaidSample {
  readonly sample: Sample
  readonly conversation: Conversation
  readonly trajectory: Trajectory
}

/**
 * The samples of a dataset in order, with what was said in each. They are made anew from the trajectories, and `dataset.differs`
 * ends it where one is not what is stored: messages of another conversation are never exported under a proof.
 */
export async function* samplesAsSaid(sources: ConversationSources): AsyncGenerator<Result<SaidSample>> {
  const { folder, manifest, model } = sources
  const originals = new Map<string, Trajectory>()
  async function* remembered(): AsyncGenerator<Trajectory> {
    for await (const trajectory of sources.trajectories) {
      originals.set(trajectory.id, trajectory)
      yield trajectory
    }
  }
  const stored = streamSamples(folder)
  for await (const next of collectSamples(model, remembered(), parametersOf(manifest))) {
    if (!next.ok) {
      yield next
      return
    }
    if ('problem' in next.value) continue
    const original = originals.get(next.value.trajectory)
    originals.delete(next.value.trajectory)
    for (const { sample, conversation, rendered } of next.value.samples) {
      const found = await stored.next()
      if (found.done === true || !found.value.ok || original === undefined || !isSame(found.value.value, sample)) {
        yield found.done !== true && !found.value.ok ? found.value : failed(differs(sample.id))
        return
      }
      const shown = asShown(conversation, rendered)
      yield done({ sample, conversation: shown, trajectory: asTrajectory(sample, shown, original) })
    }
  }
  if ((await stored.next()).done !== true) yield failed(differs(manifest.id))
}

const isSame = (stored: Sample, made: Sample): boolean =>
  stored.id === made.id && equal(stored.input_ids, made.input_ids) && equal(stored.labels, made.labels)

const equal = (some: readonly number[], others: readonly number[]): boolean =>
  some.length === others.length && some.every((value, at) => value === others[at])

const differs = (where: string): Failure => ({
  kind: 'input',
  code: 'dataset.differs',
  message: 'the stored sample is not what its trajectory and model give',
  where,
  remedy: 'limi dataset check shows the first difference; build the dataset again',
})

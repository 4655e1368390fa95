import { done, type DatasetManifest, type Result, type Trajectory } from '../nouns/index.js'
import { placeOf } from '../shared/project/index.js'
import { readSelection } from '../stages/curation/index.js'
import { allOf, chosenTrajectories, inStore } from './chosen.js'
import type { Run } from './run.js'

/** What a dataset was made of, as it lies in the project now. */
export interface DatasetSources {
  /** The chosen trajectories in the order of the selection. */
  readonly trajectories: readonly Trajectory[]
}

export async function sourcesOf(run: Run, manifest: DatasetManifest): Promise<Result<DatasetSources>> {
  const file = placeOf(run.project.paths.selections, manifest.selection, '.yaml')
  if (!file.ok) return file
  const selection = await readSelection(file.value)
  if (!selection.ok) return selection
  const chosen = await chosenTrajectories(run, selection.value, inStore(run))
  if (!chosen.ok) return chosen
  const trajectories = await allOf(chosen.value)
  if (!trajectories.ok) return trajectories
  return done({ trajectories: trajectories.value })
}

import { failed, type DatasetManifest, type Result, type Selection, type Trajectory } from '../../nouns/index.js'
import { placeOf } from '../../shared/project/index.js'
import { readSelection } from '../../stages/curation/index.js'
import { chosenTrajectories, inStore } from './chosen.js'
import type { Run } from '../run.js'

/** A selection by its name. Failures: `selection.absent`, `selection.invalid`. */
export async function selectionOf(run: Run, name: string): Promise<Result<Selection>> {
  const file = placeOf(run.project.paths.selections, name, '.yaml')
  if (!file.ok) return file
  const selection = await readSelection(file.value)
  if (selection.ok || selection.failure.code !== 'file.absent') return selection
  return failed({
    kind: 'input',
    code: 'selection.absent',
    message: `there is no selection ${name}`,
    where: file.value,
    remedy: `\`limi curate --name ${name}\` makes one`,
  })
}

/** What a dataset was made of, as it lies in the project now: the chosen trajectories in the order of the selection, one at a time. */
export async function sourcesOf(
  run: Run,
  { selection: name }: DatasetManifest,
): Promise<Result<AsyncIterable<Trajectory>>> {
  const selection = await selectionOf(run, name)
  return selection.ok ? chosenTrajectories(run, selection.value, inStore(run)) : selection
}

import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { unwrap, type Trajectory } from '../../src/nouns/index.js'
import { readPool } from '../../src/pipeline/trajectories/pool.js'
import type { Run } from '../../src/pipeline/run.js'
import { buildProjectDataset } from '../../src/pipeline/steps.js'
import { openProject } from '../../src/shared/project/index.js'
import { writeSelection } from '../../src/stages/curation/index.js'
import { trajectoryStore } from '../../src/stages/trajectories/index.js'
import { writeConfig } from './project.js'

export interface DatasetProject {
  readonly run: Run
  /** Every warning so far. */
  readonly warned: string[]
  readonly dataset: string
}

/** A project with one dataset, `chosen`, of these trajectories for the model with this tokenizer and template. */
export async function writeDatasetProject(
  root: string,
  trajectories: readonly Trajectory[],
  tokenizerFolder: string,
): Promise<DatasetProject> {
  await writeConfig(root)
  const model = path.join(root, 'model')
  await cp(tokenizerFolder, model, { recursive: true, filter: (file) => !file.endsWith('.safetensors') })
  // Commands take a folder for a model where it has these, which nothing here reads.
  await writeFile(path.join(model, 'config.json'), '{}')
  await writeFile(path.join(model, 'model.safetensors'), '')
  const project = unwrap(await openProject(root))
  const store = trajectoryStore(project.paths.trajectories)
  for (const trajectory of trajectories) unwrap(await store.write(trajectory))
  const warned: string[] = []
  const run: Run = { project, say: () => undefined, warn: (line) => void warned.push(line) }
  const { members } = await readPool(run)
  const digests = new Map(members.map(({ trajectory, digest }) => [trajectory.id, digest]))
  const chosen = trajectories.map(({ id }) => ({ trajectory: id, digest: digests.get(id) ?? '', cell: 'all' }))
  const made = { inputs: {}, parameters: {}, versions: {} }
  await mkdir(project.paths.selections, { recursive: true })
  const file = path.join(project.paths.selections, 'chosen.yaml')
  unwrap(await writeSelection(file, { format: 'limi.selection/1', name: 'chosen', made, chosen, excluded: [] }))
  const request = { name: 'chosen', selection: 'chosen', model: `dir:${model}`, maxTokens: 100_000 }
  unwrap(await buildProjectDataset(run, { ...request, overflow: 'error' }))
  return { run, warned, dataset: path.join(project.paths.datasets, 'chosen') }
}

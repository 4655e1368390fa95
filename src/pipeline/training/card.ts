import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { done, type Checkpoint, type DatasetManifest, type Result, type Trajectory } from '../../nouns/index.js'
import { writeFileAtomic } from '../../shared/project/index.js'
import { readProof } from '../../stages/dataset/index.js'
import { readBegun, licenceInCard, renderCard, sourcesOfCard } from '../../stages/training/index.js'
import { inStore } from '../dataset/chosen.js'
import type { Run } from '../run.js'

/** Name of the model card in a model folder. */
export const CARD = 'README.md'

/** Writes the model card of a checkpoint whose weights are here; a failure is a warning, since the model is finished. */
export async function writeCard(run: Run, checkpoint: Checkpoint, dataset: DatasetManifest): Promise<void> {
  if (checkpoint.path === undefined) return
  const folder = path.join(run.project.paths.training, checkpoint.id)
  const written = await makeCard(run, checkpoint, dataset, folder)
  if (!written.ok) run.warn(`${checkpoint.id}: no model card could be written: ${written.failure.message}`)
}

async function makeCard(
  run: Run,
  checkpoint: Checkpoint,
  dataset: DatasetManifest,
  folder: string,
): Promise<Result<void>> {
  const taught = await taughtBy(run, dataset)
  if (!taught.ok) return taught
  const { trajectories, lost } = taught.value
  const baseLicence = await licenceOfBase(folder)
  const card = renderCard({ checkpoint, dataset, sources: sourcesOfCard(trajectories), lost, baseLicence })
  return writeFileAtomic(path.join(folder, checkpoint.path ?? '', CARD), card)
}

type Taught = Pick<Trajectory, 'id' | 'source' | 'licence'>

/** Where the dataset's trajectories came from, as the project has them now; one at a time, since any may be large. */
async function taughtBy(
  run: Run,
  { id }: DatasetManifest,
): Promise<Result<{ trajectories: readonly Taught[]; lost: readonly string[] }>> {
  const proof = await readProof(path.join(run.project.paths.datasets, id))
  if (!proof.ok) return proof
  const find = inStore(run)
  const trajectories: Taught[] = []
  const lost: string[] = []
  for (const name of new Set(proof.value.samples.map(({ trajectory }) => trajectory))) {
    const member = await find(name)
    if (member === null) lost.push(name)
    else trajectories.push({ id: name, source: member.trajectory.source, licence: member.trajectory.licence })
  }
  return done({ trajectories, lost })
}

/** From the card in the base's folder, where a hub or a person put one. */
async function licenceOfBase(folder: string): Promise<string | null> {
  const begun = await readBegun(folder)
  if (!begun.ok || begun.value.baseFolder === undefined) return null
  const card = await readFile(path.join(begun.value.baseFolder, CARD), 'utf8').catch(() => '')
  return licenceInCard(card)
}

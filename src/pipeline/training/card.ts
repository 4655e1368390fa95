import { readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  done,
  failed,
  type Checkpoint,
  type DatasetManifest,
  type Failure,
  type Result,
  type Trajectory,
} from '../../nouns/index.js'
import { packageOfModel } from '../../shared/models/index.js'
import { writeFileAtomic } from '../../shared/project/index.js'
import { readProof } from '../../stages/dataset/index.js'
import { readBegun, licenceInCard, renderCard, sourcesOfCard, type CardParts } from '../../stages/training/index.js'
import { inStore } from '../dataset/chosen.js'
import type { Run } from '../run.js'

/** Name of the model card in a model folder. */
export const CARD = 'README.md'

/** Writes the model card of a checkpoint whose weights are here; a failure is a warning, since the model is finished. */
export async function writeCard(run: Run, checkpoint: Checkpoint, dataset: DatasetManifest): Promise<void> {
  if (checkpoint.path === undefined) return
  const folder = path.join(run.project.paths.training, checkpoint.id)
  const written = await makeCard(run, checkpoint, dataset, folder)
  if (!written.ok) run.warn(`${checkpoint.id}: no model card could be written: ${inOneLine(written.failure)}`)
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
  const base = await statedByBase(folder)
  const card = renderCard({ checkpoint, dataset, sources: sourcesOfCard(trajectories), lost, ...base })
  return writeFileAtomic(path.join(folder, checkpoint.path ?? '', CARD), card)
}

type Taught = Pick<Trajectory, 'id' | 'source' | 'licence'>

/** Where the dataset's trajectories came from, as the project has them now; one at a time, since any may be large. */
async function taughtBy(
  run: Run,
  { id }: DatasetManifest,
): Promise<Result<{ trajectories: readonly Taught[]; lost: readonly string[] }>> {
  const proof = await readProof(path.join(run.project.paths.datasets, id))
  if (!proof.ok) return failed(noProof(id, proof.failure))
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

const noProof = (dataset: string, failure: Failure): Failure => ({
  ...failure,
  message: `the proof of dataset ${dataset}, which names what the model was taught by, cannot be read: ${failure.message}`,
  remedy: '`limi dataset build` makes it anew; `limi train push` then writes the card before it sends the model',
})

const inOneLine = ({ message, where, remedy }: Failure): string =>
  [message, ...(where === undefined ? [] : [`(${where})`]), ...(remedy === undefined ? [] : [`to do: ${remedy}`])].join(
    ' ',
  )

/** From the card in the base's folder, where a hub or a person put one, and from the package that the base came in. */
async function statedByBase(folder: string): Promise<Pick<CardParts, 'baseLicence' | 'basePackage'>> {
  const begun = await readBegun(folder)
  if (!begun.ok || begun.value.baseFolder === undefined) return { baseLicence: null, basePackage: null }
  const { baseFolder } = begun.value
  const card = await readFile(path.join(baseFolder, CARD), 'utf8').catch(() => '')
  return { baseLicence: licenceInCard(card), basePackage: await packageOfModel(baseFolder) }
}

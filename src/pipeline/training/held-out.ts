import path from 'node:path'
import { done, failed, type DatasetManifest, type Failure, type Result } from '../../nouns/index.js'
import { plural } from '../../shared/report/index.js'
import { askedBy, sharedWith, sharingWords, type Asked } from '../../stages/curation/index.js'
import { readProof } from '../../stages/dataset/index.js'
import { inStore } from '../dataset/chosen.js'
import type { Run } from '../run.js'

/**
 * Whether what is measured on is never taught: the two datasets share no trajectory, no query and no request. What of them is no
 * longer in the project cannot be asked, which is warned of. Failure: `held-out.overlap`.
 */
export async function checkHeldOut(
  run: Run,
  dataset: DatasetManifest,
  heldOut: DatasetManifest,
): Promise<Result<void>> {
  const taught = await askedIn(run, dataset)
  if (!taught.ok) return taught
  const measured = await askedIn(run, heldOut)
  if (!measured.ok) return measured
  const shared = sharedWith(taught.value)
  const overlap = measured.value.flatMap((one) => {
    const sharing = shared(one)
    return sharing === null ? [] : [`${one.id} (${sharingWords(sharing, dataset.id)})`]
  })
  return overlap.length === 0 ? done(undefined) : failed(overlapping(overlap, dataset, heldOut))
}

/** What the trajectories of a dataset were asked; one is read at a time, since any may be large. */
async function askedIn(run: Run, { id }: DatasetManifest): Promise<Result<readonly Asked[]>> {
  const proof = await readProof(path.join(run.project.paths.datasets, id))
  if (!proof.ok) return proof
  const find = inStore(run)
  const asked: Asked[] = []
  let lost = 0
  for (const name of new Set(proof.value.samples.map(({ trajectory }) => trajectory))) {
    const member = await find(name)
    if (member === null) lost += 1
    else asked.push(askedBy(member.trajectory))
  }
  if (lost > 0)
    run.warn(
      `${id}: ${plural(lost, 'trajectory is', 'trajectories are')} no longer in this project, so nobody can say whether the held-out dataset shares a query with ${lost === 1 ? 'it' : 'them'}`,
    )
  return done(asked)
}

const NAMED = 5

function overlapping(overlap: readonly string[], dataset: DatasetManifest, heldOut: DatasetManifest): Failure {
  const name = heldOut.selection === dataset.selection ? 'held-out' : heldOut.selection
  const more = overlap.length > NAMED ? ` and ${overlap.length - NAMED} more` : ''
  return {
    kind: 'input',
    code: 'held-out.overlap',
    message: `${plural(overlap.length, 'held-out trajectory shares', 'held-out trajectories share')} what ${dataset.id} teaches: ${overlap.slice(0, NAMED).join('; ')}${more}`,
    where: heldOut.id,
    remedy: `\`limi curate --name ${name} --without ${dataset.selection}\`, and build the held-out dataset of that`,
  }
}

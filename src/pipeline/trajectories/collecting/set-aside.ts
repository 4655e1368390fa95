import { access, mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { FailureError, unwrap } from '../../../nouns/index.js'
import { digestOfFile, diskFailure, placeOf, setAside } from '../../../shared/project/index.js'
import type { Run } from '../../run.js'

const EXTENSION = '.jsonl'

/** Makes room for rollouts that are made otherwise: the old trajectories go to `trajectories/replaced`, their evidence to `recordings/replaced`. */
export async function setAsideRollouts(run: Run, ids: readonly string[]): Promise<void> {
  const { trajectories, recordings } = run.project.paths
  for (const id of ids) {
    const digest = await digestOfFile(unwrap(placeOf(trajectories, id, EXTENSION)))
    await moveEvidence(recordings, id, digest.slice(0, 8))
  }
  await setAside(trajectories, ids, EXTENSION)
}

async function moveEvidence(recordings: string, id: string, digest: string): Promise<void> {
  const folder = unwrap(placeOf(recordings, id))
  if (!(await isThere(folder))) return
  const target = path.join(recordings, 'replaced', `${id.slice(0, 100)}-${digest}`)
  try {
    await mkdir(path.dirname(target), { recursive: true })
    for (let n = 1; ; n += 1) {
      const free = n === 1 ? target : `${target}-${n}`
      if (await isThere(free)) continue
      await rename(folder, free)
      return
    }
  } catch (error) {
    throw new FailureError(diskFailure(error, folder), { cause: error })
  }
}

const isThere = (place: string): Promise<boolean> =>
  access(place).then(
    () => true,
    () => false,
  )

import { unwrap, type Trajectory } from '../../nouns/index.js'
import { contentDigest, trajectoryStore } from '../../stages/trajectories/index.js'
import type { Run } from '../run.js'

export interface PoolMember {
  readonly trajectory: Trajectory
  /** Of what was said and done, times left out: the same for every run of the same script. */
  readonly digest: string
}

/** Everything that lies in `trajectories/`. */
export interface Pool {
  readonly members: readonly PoolMember[]
  readonly builtIn: number
  readonly imported: number
}

/** Reads every trajectory; one that cannot be read at all is a warning. */
export async function readPool(run: Run): Promise<Pool> {
  const { trajectories, unreadable } = unwrap(await trajectoryStore(run.project.paths.trajectories).readAll())
  for (const { id, failure } of unreadable)
    run.warn(`trajectory ${id} is left aside: ${failure.message} (${failure.where ?? ''})`)
  const members = trajectories.map((trajectory) => ({ trajectory, digest: contentDigest(trajectory) }))
  const imported = trajectories.filter((trajectory) => trajectory.source.kind === 'imported').length
  return {
    members,
    imported,
    builtIn: trajectories.filter((trajectory) => trajectory.source.kind === 'built-in').length,
  }
}

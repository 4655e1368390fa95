import { done, failed, FailureError, unwrap, type Result, type Selection, type Trajectory } from '../../nouns/index.js'
import { contentDigest, trajectoryStore } from '../../stages/trajectories/index.js'
import type { PoolMember } from '../trajectories/pool.js'
import { asTaught, reviewsOf } from './reviews.js'
import type { Run } from '../run.js'

/** Finds a trajectory by its id; null where it is not there. */
export type FindMember = (id: string) => Promise<PoolMember | null>

/** Among those that were read already. */
export function among(members: readonly PoolMember[]): FindMember {
  const byId = new Map(members.map((member) => [member.trajectory.id, member]))
  return (id) => Promise.resolve(byId.get(id) ?? null)
}

/** In the project's folder, each read when it is asked for, so that no more than one has to be in memory. */
export function inStore(run: Run): FindMember {
  const store = trajectoryStore(run.project.paths.trajectories)
  return async (id) => {
    const read = await store.read(id)
    if (read.ok) return { trajectory: read.value, digest: contentDigest(read.value) }
    if (read.failure.code !== 'file.absent') run.warn(`trajectory ${id} is left aside: ${read.failure.message}`)
    return null
  }
}

/**
 * What was chosen, in the selection's order and as its reviews want it taught, one at a time. One that is gone or no longer says what it
 * said, and one whose review has changed, ends it with a thrown `selection.stale`.
 */
export async function chosenTrajectories(
  run: Run,
  selection: Selection,
  find: FindMember,
): Promise<Result<AsyncIterable<Trajectory>>> {
  const reviews = await reviewsOf(run)
  return reviews.ok ? done({ [Symbol.asyncIterator]: () => eachOf(selection, find, reviews.value) }) : reviews
}

async function* eachOf(
  selection: Selection,
  find: FindMember,
  reviews: Parameters<typeof asTaught>[3],
): AsyncGenerator<Trajectory> {
  for (const chosen of selection.chosen) {
    const member = await find(chosen.trajectory)
    if (member?.digest !== chosen.digest)
      throw new FailureError(stale(selection.name, chosen.trajectory, member === null))
    yield unwrap(asTaught(selection, chosen, member.trajectory, reviews))
  }
}

/** Says whether they are all there and as they were chosen; holds none of them. */
export async function checkChosen(trajectories: AsyncIterable<Trajectory>): Promise<Result<void>> {
  try {
    const each = trajectories[Symbol.asyncIterator]()
    let next = await each.next()
    while (next.done !== true) next = await each.next()
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
  return done(undefined)
}

/** All of them, or the failure that ended them. */
export async function allOf(trajectories: AsyncIterable<Trajectory>): Promise<Result<readonly Trajectory[]>> {
  const all: Trajectory[] = []
  try {
    for await (const trajectory of trajectories) all.push(trajectory)
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
  return done(all)
}

const stale = (selection: string, trajectory: string, gone: boolean) => ({
  kind: 'input' as const,
  code: 'selection.stale',
  message: `selection ${selection} chose trajectory ${trajectory}, which ${gone ? 'is gone' : 'has changed since'}`,
  where: `selections/${selection}.yaml`,
  remedy: 'curate again, or bring the trajectory back',
})

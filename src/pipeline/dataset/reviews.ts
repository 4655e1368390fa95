import path from 'node:path'
import {
  done,
  failed,
  type Chosen,
  type Failure,
  type Result,
  type Selection,
  type Trajectory,
} from '../../nouns/index.js'
import { applyReview, readReviews, resolveReview, type ReadReview } from '../../shared/reviews/index.js'
import type { Candidate } from '../../stages/curation/index.js'
import type { Run } from '../run.js'

type Reviews = ReadonlyMap<string, ReadReview>

/** The project's reviews by trajectory, as they lie in `reviews/`. */
export const reviewsOf = (run: Run): Promise<Result<Reviews>> => readReviews(run.project.paths.reviews)

/** Candidates with what their reviews say. A review of a trajectory that is not there is `review.trajectory-unknown`. */
export async function withReviews(run: Run, members: readonly Candidate[]): Promise<Result<readonly Candidate[]>> {
  const reviews = await reviewsOf(run)
  if (!reviews.ok) return reviews
  const known = new Set(members.map(({ trajectory }) => trajectory.id))
  for (const [id, { file }] of reviews.value)
    if (!known.has(id)) return failed(unknownTrajectory(id, asNamed(run, file)))
  const candidates: Candidate[] = []
  for (const member of members) {
    const read = reviews.value.get(member.trajectory.id)
    const reviewed = read === undefined ? done(member) : withReview(run, member, read)
    if (!reviewed.ok) return reviewed
    candidates.push(reviewed.value)
  }
  return done(candidates)
}

function withReview(run: Run, member: Candidate, { entries, digest, placeOf }: ReadReview): Result<Candidate> {
  const messages = resolveReview(member.trajectory, entries, (index) => asNamed(run, placeOf(index)))
  return messages.ok ? done({ ...member, review: { digest, messages: messages.value } }) : messages
}

/**
 * A chosen trajectory as its selection wants it taught: what is cut is not there, what is context has weight 0.
 * One whose review says something else now than when it was chosen is `selection.stale`.
 */
export function asTaught(
  selection: Selection,
  chosen: Chosen,
  trajectory: Trajectory,
  reviews: Reviews,
): Result<Trajectory> {
  const { messages = [], review } = chosen
  if (reviews.get(trajectory.id)?.digest !== review) return failed(staleReview(selection.name, trajectory.id))
  const place = `selections/${selection.name}.yaml, ${trajectory.id}`
  return applyReview(trajectory, messages, (index) => `${place}, messages[${index}]`)
}

const asNamed = (run: Run, file: string): string => path.relative(run.project.root, file)

const unknownTrajectory = (id: string, where: string): Failure => ({
  kind: 'input',
  code: 'review.trajectory-unknown',
  message: `there is no trajectory ${id}`,
  where,
  remedy: 'name the review after a trajectory (`limi trajectories list`), or delete it',
})

const staleReview = (selection: string, trajectory: string): Failure => ({
  kind: 'input',
  code: 'selection.stale',
  message: `selection ${selection} chose trajectory ${trajectory}, whose review has changed since`,
  where: `selections/${selection}.yaml`,
  remedy: 'curate again',
})

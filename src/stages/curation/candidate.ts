import type { ReviewedMessage, Trajectory } from '../../nouns/index.js'

/** A trajectory as it lay when it was read: the digest is of its file's content. */
export interface Candidate {
  readonly trajectory: Trajectory
  readonly digest: string
  /** Where a person reviewed its messages. */
  readonly review?: CandidateReview
}

export interface CandidateReview {
  readonly digest: string
  /** Checked against the trajectory, with all that is cut. */
  readonly messages: readonly ReviewedMessage[]
}

/** Plain order of ids, the same in every locale. */
export const byId = (a: Candidate, b: Candidate): number => compareText(a.trajectory.id, b.trajectory.id)

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

import type { Trajectory } from '../../../nouns/index.js'
import type { Candidate } from '../candidate.js'
import type { Finding } from './own.js'

export const isMarked = ({ extra }: Trajectory): boolean => extra?.['best'] === true

/** `not-best`: another attempt of the same campaign at the same query is marked as the one to keep. */
export function bestGate(candidates: readonly Candidate[]): (trajectory: Trajectory) => Finding {
  const marked = new Map<string, string>()
  for (const { trajectory } of candidates) if (isMarked(trajectory)) marked.set(placeOf(trajectory), trajectory.id)
  return (trajectory) => {
    const best = trajectory.query === undefined ? undefined : marked.get(placeOf(trajectory))
    return best === undefined || best === trajectory.id ? null : `${best} is marked as the attempt to keep`
  }
}

const placeOf = ({ query, tags }: Trajectory): string => JSON.stringify([tags['campaign'], query?.id])

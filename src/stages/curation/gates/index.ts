import type { Excluded, Query, TrajectorySource } from '../../../nouns/index.js'
import type { Candidate } from '../candidate.js'
import { bestGate } from './best.js'
import { nearDuplicates } from './duplicates.js'
import { leakGate } from './leak.js'
import { findFailure, findForeign, findIncomplete, findNoAnswer, findUnanswered, type Finding } from './own.js'
import { taughtGate, type Without } from './taught.js'

/** The gates: why a trajectory may not teach, by stable reason codes in a fixed order; the first that applies is the reason. */
export { isMarked } from './best.js'
export { SAME_CONVERSATION } from './duplicates.js'
export { LEAK_CONTAINMENT, leaksOf } from './leak.js'
export { SAME_REQUEST } from './request.js'
export { askedBy, sharedWith, sharingWords, type Asked, type Without } from './taught.js'
export { messagesOf } from './text.js'

export interface Sieved {
  readonly passed: readonly Candidate[]
  readonly excluded: readonly Excluded[]
}

interface Gate {
  readonly reason: string
  readonly find: (candidate: Candidate) => Finding
}

export interface Fairness {
  readonly heldOut: readonly Query[]
  readonly sources: readonly TrajectorySource['kind'][]
  readonly without: readonly Without[]
}

/** What no method may draw from: it could not be trained on fairly, whatever its quality. */
export function sieveFair(candidates: readonly Candidate[], { heldOut, sources, without }: Fairness): Sieved {
  const leaks = leakGate(heldOut)
  const taught = taughtGate(without)
  return sieve(candidates, [
    { reason: 'incomplete', find: ({ trajectory }) => findIncomplete(trajectory) },
    { reason: 'imported', find: ({ trajectory }) => findForeign(trajectory, sources) },
    { reason: 'leak', find: ({ trajectory }) => leaks(trajectory) },
    { reason: 'taught', find: ({ trajectory }) => taught(trajectory) },
  ])
}

/** What no demonstration may have: a failure, a call without an answer, no last word. */
export function sieveGood(candidates: readonly Candidate[]): Sieved {
  return sieve(candidates, [
    { reason: 'check-failed', find: ({ trajectory }) => findFailure(trajectory) },
    { reason: 'unanswered-call', find: ({ trajectory }) => findUnanswered(trajectory) },
    { reason: 'no-final-answer', find: ({ trajectory }) => findNoAnswer(trajectory) },
  ])
}

/** Of attempts at one query that were compared, the one that is marked. */
export function sieveBest(candidates: readonly Candidate[]): Sieved {
  const best = bestGate(candidates)
  return sieve(candidates, [{ reason: 'not-best', find: ({ trajectory }) => best(trajectory) }])
}

/** Of those that say almost the same, one. */
export function sieveDuplicates(candidates: readonly Candidate[]): Sieved {
  const twins = nearDuplicates(candidates)
  return sieve(candidates, [
    {
      reason: 'near-duplicate',
      find: ({ trajectory }) => {
        const twin = twins.get(trajectory.id)
        return twin === undefined ? null : `of ${twin}`
      },
    },
  ])
}

function sieve(candidates: readonly Candidate[], gates: readonly Gate[]): Sieved {
  const passed: Candidate[] = []
  const excluded: Excluded[] = []
  for (const candidate of candidates) {
    const found = firstFinding(candidate, gates)
    if (found === null) passed.push(candidate)
    else excluded.push(found)
  }
  return { passed, excluded }
}

function firstFinding(candidate: Candidate, gates: readonly Gate[]): Excluded | null {
  for (const { reason, find } of gates) {
    const detail = find(candidate)
    if (detail !== null) return { trajectory: candidate.trajectory.id, reason, detail }
  }
  return null
}

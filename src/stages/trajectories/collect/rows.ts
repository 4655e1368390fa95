import type { WorkOutcome } from '../../../shared/rollouts/index.js'
import type { Attempted } from './attempt.js'
import type { PlannedRollout } from './plan.js'
import type { CollectedRollout } from './request.js'

const nameOf = ({ id, query, agent, attempt }: PlannedRollout) => ({ id, query: query.id, agent, attempt })

/** A rollout before this run did anything about it. */
export function rowBefore(planned: PlannedRollout): CollectedRollout {
  const { state, held } = planned
  if (state !== 'kept' || held === undefined) return { ...nameOf(planned), status: 'not-begun' }
  const { outcome, rounds, usage, facts } = held
  const { status, score, max, cause } = outcome
  return { ...nameOf(planned), status: 'kept', outcome: status, score, max, cause, rounds, usage, ...figures(facts) }
}

const figures = ({ cost, seconds }: { cost?: number | undefined; seconds?: number | undefined }) => ({
  ...(cost === undefined ? {} : { cost }),
  ...(seconds === undefined ? {} : { seconds: Math.round(seconds * 1000) / 1000 }),
})

/** A rollout after it was worked on. */
export function rowAfter(planned: PlannedRollout, outcome: WorkOutcome<Attempted>): CollectedRollout {
  if (outcome.status === 'skipped') return { ...nameOf(planned), status: 'not-begun' }
  if (outcome.status === 'failed') {
    const isEnded = outcome.failure.kind === 'interrupted'
    return {
      ...nameOf(planned),
      status: isEnded ? 'ended' : 'failed',
      ...(isEnded ? {} : { failure: outcome.failure }),
    }
  }
  const { rollout, cost } = outcome.value
  const { rounds, cause, usage, seconds, failure } = rollout
  const last = rounds.at(-1)
  return {
    ...nameOf(planned),
    status: 'made',
    outcome: last?.passed === true ? 'success' : 'failure',
    score: last?.score ?? 0,
    max: last?.max ?? 0,
    cause,
    rounds: rounds.length,
    usage,
    ...figures({ cost, seconds }),
    ...(failure === undefined ? {} : { failure }),
  }
}

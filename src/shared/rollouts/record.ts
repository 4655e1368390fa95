import type { Cause, Outcome, RoundRecord, Score } from '../../nouns/index.js'
import type { Rollout, RolloutPlan } from './rollout.js'

type Ending = Pick<Rollout, 'rounds' | 'cause' | 'measured' | 'usage' | 'failure'>

/** What a trajectory may hold of a score: never its requirements, whose evidence shows the hidden checks. */
export async function recordRound({ sink }: RolloutPlan, round: number, score: Score): Promise<void> {
  const record: RoundRecord = {
    round,
    score: score.score,
    max: score.max,
    passed: score.passed,
    ...(score.feedback === undefined ? {} : { feedback: score.feedback }),
  }
  await sink.append({ type: 'round', record })
}

/** The outcome, and `end` where the rollout was played to its end. After an interruption nothing is known, nor written. */
export async function recordEnding(plan: RolloutPlan, played: Ending): Promise<void> {
  if (played.failure?.kind === 'interrupted') return
  const outcome = outcomeOf(plan, played)
  await plan.sink.append({ type: 'outcome', outcome })
  if (outcome.status === 'unknown') return
  const { usage } = played
  const isCounted = usage.inputTokens + usage.outputTokens > 0
  await plan.sink.append({ type: 'end', ...(isCounted ? { usage } : {}) })
}

/** What says nothing of the agent: it was not given what it should have been given. */
const UNSCORED: ReadonlySet<Cause> = new Set<Cause>(['infrastructure', 'judge', 'user-simulator'])

function outcomeOf({ query }: RolloutPlan, { rounds, cause, measured }: Ending): Outcome {
  const last = rounds.at(-1)
  const by = query.scoring.kind
  const isScored = measured !== false && !UNSCORED.has(cause)
  if (last === undefined || !isScored) return { status: 'unknown', cause, by }
  return { status: last.passed ? 'success' : 'failure', score: last.score, max: last.max, cause, by }
}

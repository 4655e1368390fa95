import {
  done,
  failed,
  FailureError,
  type Cause,
  type Failure,
  type Message,
  type Result,
  type Score,
} from '../../nouns/index.js'
import type { AgentSession } from '../agents/index.js'
import { addUsage, NO_USAGE } from '../models/index.js'
import type { Change, Sandbox, Snapshot } from '../sandboxes/index.js'
import { isBudgetSpent, type ScoringInput } from '../scoring/index.js'
import { countingSink, rememberingSink } from './counting.js'
import type { FeedbackGiven, FeedbackSaid, RoundFeedback } from './feedback.js'
import { recordEnding, recordRound } from './record.js'
import type { FreshRolloutPlan, Rollout, RolloutPlan } from './rollout.js'
import { scorersWords } from './scorers-words.js'

type Played = Omit<Rollout, 'seconds' | 'turns' | 'calls'>

/**
 * One agent on one task, up to R rounds: the request, a score, and where it fails and a round is left, feedback as the person's next message:
 * the score's own, or that of whoever speaks for the person. Nothing else of a score enters the conversation or the trajectory.
 *
 * A fault outside agent and task comes back with its cause (`infrastructure`, `judge`, `user-simulator`) and failure; an interruption with
 * the failure `rollout.interrupted`. A sink or a sandbox that breaks throws its {@link FailureError}. In all these cases the
 * trajectory stays without `end`, to be made again.
 */
export async function runRollout(plan: FreshRolloutPlan): Promise<Rollout> {
  const opened = await plan.workspaces.open(plan.query, { readable: plan.agent.readable, signal: plan.signal })
  if (!opened.ok) return notPlayed(plan, opened.failure)
  try {
    return await runRolloutIn(opened.value, plan)
  } finally {
    await opened.value.dispose()
  }
}

/** {@link runRollout} in a workspace that is there already; it stays as the agent left it, or as `conclude` did. */
export async function runRolloutIn(sandbox: Sandbox, plan: RolloutPlan): Promise<Rollout> {
  const began = performance.now()
  const sink = countingSink(plan.sink)
  await sandbox.enter('.')
  const start = await sandbox.snapshot()
  const played = await play(sandbox, start, { ...plan, sink })
  const rollout = { ...played, ...sink.counted(), seconds: (performance.now() - began) / 1000 }
  if (plan.conclude !== undefined && rollout.failure?.kind !== 'interrupted') {
    await plan.sink.append({ type: 'amend', amendment: await plan.conclude({ rollout, sandbox, start }) })
  }
  await recordEnding(plan, rollout)
  return rollout
}

/** What became of the files. What git keeps of them besides is none: a commit changes dozens of its own. */
const workOf = (changes: Readonly<Record<string, Change>>): Readonly<Record<string, Change>> =>
  Object.fromEntries(Object.entries(changes).filter(([name]) => !name.split('/').includes('.git')))

/** What came of a rollout for which there is no workspace. */
export async function notPlayed(plan: RolloutPlan, failure: Failure): Promise<Rollout> {
  const rollout: Rollout = {
    rounds: [],
    answer: '',
    diff: {},
    usage: NO_USAGE,
    turns: 0,
    calls: 0,
    cause: 'infrastructure',
    failure,
    feedback: [],
    seconds: 0,
  }
  await recordEnding(plan, rollout)
  return rollout
}

async function play(sandbox: Sandbox, start: Snapshot, plan: RolloutPlan): Promise<Played> {
  const { agent, model, evidence, watch, signal } = plan
  const { sink, seen } = rememberingSink(plan.sink)
  const session = await agent.open({ sandbox, model, sink, evidence, watch, signal })
  try {
    const changes = async (): Promise<Readonly<Record<string, Change>>> => workOf(await sandbox.diff(start))
    const played = await playRounds({ ...plan, sink }, session, { sandbox, changes }, seen)
    return { ...played, diff: await changes() }
  } finally {
    await session.close()
  }
}

type Workspace = Pick<ScoringInput, 'sandbox' | 'changes'>

async function playRounds(
  plan: RolloutPlan,
  session: AgentSession,
  workspace: Workspace,
  seen: readonly Message[],
): Promise<Omit<Played, 'diff'>> {
  const rounds: Score[] = []
  const feedback: RoundFeedback[] = []
  let usage = NO_USAGE
  let text = plan.query.request
  for (let round = 1; ; round += 1) {
    const turn = await session.send(text, round)
    const { answer } = turn
    usage = addUsage(usage, turn.usage)
    const sofar = { rounds, answer, usage, feedback }
    if (turn.stop === 'aborted') return { ...sofar, cause: null, failure: INTERRUPTED }
    if (turn.stop === 'failed') return { ...sofar, cause: turn.cause, failure: turn.failure }

    const judged = await judge(plan, workspace, answer)
    if (!judged.ok) return { ...sofar, ...unjudged(judged.failure, 'judge') }
    const score = judged.value
    rounds.push(score)
    await recordRound(plan, round, score)

    // An agent that cannot go on (its conversation outgrew the model) is not asked to.
    const cannotGoOn = turn.stop === 'token-limit' && turn.cause === 'agent'
    const isOver = score.passed || round >= plan.rounds || cannotGoOn
    if (isOver) return { ...sofar, cause: causeOf(score, turn.cause), failure: turn.failure }
    const said = await speak(plan, { round, score, answer, seen })
    if (!said.ok) return { ...sofar, ...unjudged(said.failure, 'user-simulator') }
    feedback.push({ ...said.value, round })
    text = said.value.text
  }
}

/** The person's next message. */
async function speak(
  { query, feedback, account, signal }: RolloutPlan,
  given: Pick<FeedbackGiven, 'round' | 'score' | 'answer' | 'seen'>,
): Promise<Result<FeedbackSaid>> {
  if (feedback === undefined) return done(scorersWords(given.score))
  const means = { ...(account === undefined ? {} : { account }), ...(signal === undefined ? {} : { signal }) }
  return feedback.say({ ...given, ...means, query })
}

/** What a rollout ends with where a judge or a simulated user could not speak. */
const unjudged = (failure: Failure, cause: Cause): Pick<Rollout, 'cause' | 'measured' | 'failure'> =>
  isBudgetSpent(failure) ? { cause: 'budget', measured: false, failure } : { cause, failure }

/** A task that was solved did not fail, whatever else went wrong. */
const causeOf = (score: Score, cause: Cause): Cause => (score.passed ? null : cause)

async function judge(
  { query, scorer, account, signal }: RolloutPlan,
  workspace: Workspace,
  answer: string,
): Promise<Result<Score>> {
  try {
    const means = { ...(account === undefined ? {} : { account }), ...(signal === undefined ? {} : { signal }) }
    return done(await scorer.score({ ...workspace, ...means, query, answer }))
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
}

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'rollout.interrupted',
  message: 'the rollout was interrupted',
  remedy: 'run the same command again: finished work is kept',
}

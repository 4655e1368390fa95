import { setTimeout as wait } from 'node:timers/promises'
import { FailureError, type Cause, type Failure, type Query, type Result } from '../../../nouns/index.js'
import type { TrajectoryWriter } from '../../../shared/agents/index.js'
import {
  delayAfter,
  notPlayed,
  patientScorer,
  runRolloutIn,
  type Patience,
  type Rollout,
  type RolloutPlan,
} from '../../../shared/rollouts/index.js'
import type { Sandbox, Snapshot } from '../../../shared/sandboxes/index.js'
import type { JudgingAccount, Scorer } from '../../../shared/scoring/index.js'
import { isMeasured } from '../metrics/index.js'
import { recordFault, UNEXPLAINED } from './faults.js'
import { trajectoryName } from './names.js'
import type { EvaluationRequest, TrialPlan } from './request.js'
import type { Workspace } from './workspace.js'

/** One subtask to be played in a trial. */
export interface Part {
  readonly plan: TrialPlan
  readonly query: Query
  /** 1-based. */
  readonly subtask: number
  readonly scorer: Scorer
  /** Pays for models that judge. */
  readonly account: JudgingAccount
}

export interface Played {
  readonly rollout: Rollout
  /** The trajectory's id. */
  readonly trajectory: string
}

const BACKOFF_MS = [1_000, 10_000]

/**
 * Plays a subtask until it says something of the agent, or the retries are used up; each attempt begins in the same workspace. Where a judge
 * fails, only the judge is asked again.
 */
export async function playSubtask(request: EvaluationRequest, part: Part, workspace: Workspace): Promise<Played> {
  const backoffMs = request.backoffMs ?? BACKOFF_MS
  let start: Snapshot | null = null
  for (let attempt = 1; ; attempt += 1) {
    const opened = await workspace.open()
    if (opened.ok) start = await atStart(opened.value, start)
    const played = await play(request, part, opened)
    const { cause, failure = UNEXPLAINED } = played.rollout
    if (isMeasured(played.rollout) || cause === 'judge' || cause === 'budget') return played

    const delay = delayAfter(attempt, failure, backoffMs)
    await tellFault(request, part, { cause, failure, attempt, delay })
    if (delay === null) return played
    await pause(delay, request.signal)
  }
}

interface ToldFault {
  readonly cause: Cause
  readonly failure: Failure
  readonly attempt: number
  /** Milliseconds until it is tried again; null where it is not. */
  readonly delay: number | null
}

/** Writes a fault down and says what is done about it; an infrastructure that stays down is told once for all its trials. */
async function tellFault(request: EvaluationRequest, part: Part, fault: ToldFault): Promise<void> {
  const { cause, failure, attempt, delay } = fault
  const { task, trial } = part.plan
  await recordFault(request.folder, { task: task.id, subtask: part.subtask, trial, attempt, cause, failure })
  const words = `${cause ?? 'unknown'} fault (${failure.message})`
  if (delay !== null) request.onLine?.(`${nameOf(part)}: ${words}; tried again in ${delay / 1000} s`)
  else if (cause !== 'infrastructure') request.onLine?.(`${nameOf(part)}: not measured, ${words}`)
}

/** The workspace as the subtask found it: looked at before the first attempt, put back before each further one. */
async function atStart(sandbox: Sandbox, before: Snapshot | null): Promise<Snapshot> {
  if (before === null) return sandbox.snapshot()
  await sandbox.restore(before)
  return before
}

const nameOf = ({ plan, subtask }: Part): string => trajectoryName(plan.task.id, plan.trial, subtask)

async function play(request: EvaluationRequest, part: Part, opened: Result<Sandbox>): Promise<Played> {
  const { agent, model, rounds, signal, backoffMs = BACKOFF_MS } = request
  const { query, account } = part
  const onFault: Patience['onFault'] = (failure, attempt, delay) =>
    tellFault(request, part, { cause: 'judge', failure, attempt, delay })
  const scorer = patientScorer(part.scorer, { backoffMs, onFault, signal })
  const { id, writer } = await openTrajectory(request, part)
  const plan: RolloutPlan = { query, agent, model, scorer, account, rounds, sink: writer, signal }
  try {
    const rollout = opened.ok ? await runRolloutIn(opened.value, plan) : await notPlayed(plan, opened.failure)
    if (signal?.aborted === true || rollout.failure?.kind === 'interrupted') throw new FailureError(INTERRUPTED)
    return { rollout, trajectory: id }
  } finally {
    await writer.close()
  }
}

/** A whole trajectory without its trial's file was left by a crash between the two; it stays, and this one gets a further name. */
async function openTrajectory(
  request: EvaluationRequest,
  part: Part,
): Promise<{ id: string; writer: TrajectoryWriter }> {
  for (let again = 1; ; again += 1) {
    const id = again === 1 ? nameOf(part) : `${nameOf(part)}-again${again}`
    const opened = await openAs(request, part, id)
    if (opened.ok) return { id, writer: opened.value }
    if (opened.failure.code !== 'trajectory.exists') throw new FailureError(opened.failure)
  }
}

function openAs(
  request: EvaluationRequest,
  { plan, query, subtask }: Part,
  id: string,
): Promise<Result<TrajectoryWriter>> {
  const { task, taskDigest, trial } = plan
  const place = { evaluation: request.id, suite: task.suite, trial: String(trial) }
  return request.openTrajectory({
    type: 'header',
    format: 'limi.trajectory/1',
    id,
    created: new Date().toISOString(),
    query: { id: query.id, digest: taskDigest },
    source: { kind: 'built-in', agent: request.agentName, model: request.modelName },
    tags: { ...query.tags, ...place, ...(plan.subtasks.length === 1 ? {} : { subtask: String(subtask) }) },
  })
}

async function pause(delay: number, signal?: AbortSignal): Promise<void> {
  try {
    await wait(delay, undefined, { signal })
  } catch (error) {
    throw new FailureError(INTERRUPTED, { cause: error })
  }
}

export const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'evaluation.interrupted',
  message: 'the evaluation was interrupted',
  remedy: 'run the same command again: finished trials are kept',
}

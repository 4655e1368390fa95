import { setTimeout as wait } from 'node:timers/promises'
import { FailureError, unwrap, type Failure, type Result, type Trial } from '../../../nouns/index.js'
import type { TrajectoryWriter } from '../../../shared/agents/index.js'
import { runRollout, type Rollout } from '../../../shared/rollouts/index.js'
import type { Scorer } from '../../../shared/scoring/index.js'
import { isMeasured } from '../metrics/index.js'
import { recordFault } from './faults.js'
import { trialName, writeTrial } from './files.js'
import type { EvaluationRequest, TrialPlan } from './request.js'

/** What came of a trial: its file is written, or the infrastructure did not hold. */
export type Attempted =
  { readonly status: 'measured'; readonly trial: Trial } | { readonly status: 'faulted'; readonly failure: Failure }

const BACKOFF_MS = [1_000, 10_000]

/**
 * Makes one trial. A fault outside agent and task is written down and the trial made again, a few times; if the infrastructure still
 * fails nothing is kept of it, so that a later run makes it. If a judge or a simulated user still fails, the trial is kept with this
 * cause and counts for nothing. Throws {@link FailureError} for an interruption and where disk or sandbox break.
 */
export async function attemptTrial(request: EvaluationRequest, plan: TrialPlan, scorer: Scorer): Promise<Attempted> {
  const backoff = request.backoffMs ?? BACKOFF_MS
  for (let attempt = 1; ; attempt += 1) {
    const { rollout, trajectory } = await play(request, plan, scorer)
    if (isMeasured(rollout)) return keep(request, plan, rollout, trajectory)

    const { cause, failure = UNEXPLAINED } = rollout
    await recordFault(request.folder, { task: plan.task.id, trial: plan.trial, attempt, cause, failure })
    const delay = backoff[attempt - 1]
    const mayPass = failure.kind !== 'input'
    if (delay !== undefined && mayPass) {
      request.onLine?.(
        `${nameOf(plan)}: ${cause ?? 'unknown'} fault (${failure.message}); tried again in ${delay / 1000} s`,
      )
      await pause(delay, request.signal)
    } else if (cause === 'infrastructure') {
      return { status: 'faulted', failure }
    } else {
      request.onLine?.(`${nameOf(plan)}: not measured, ${cause ?? 'unknown'} fault (${failure.message})`)
      return keep(request, plan, rollout, trajectory)
    }
  }
}

const nameOf = ({ task, trial }: TrialPlan): string => trialName(task.id, trial)

const UNEXPLAINED: Failure = { kind: 'underway', code: 'trial.fault', message: 'no reason was given' }

async function play(
  request: EvaluationRequest,
  plan: TrialPlan,
  scorer: Scorer,
): Promise<{ rollout: Rollout; trajectory: string }> {
  const { agent, model, sandboxes, rounds, signal } = request
  const { id, writer } = await openTrajectory(request, plan)
  try {
    const rollout = await runRollout({
      query: plan.task.query,
      agent,
      model,
      sandboxes,
      scorer,
      rounds,
      sink: writer,
      signal,
    })
    if (signal?.aborted === true || rollout.failure?.kind === 'interrupted') throw new FailureError(INTERRUPTED)
    return { rollout, trajectory: id }
  } finally {
    await writer.close()
  }
}

/** A whole trajectory without its trial's file was left by a crash between the two; it stays, and this one gets a further name. */
async function openTrajectory(
  request: EvaluationRequest,
  plan: TrialPlan,
): Promise<{ id: string; writer: TrajectoryWriter }> {
  for (let again = 1; ; again += 1) {
    const id = again === 1 ? nameOf(plan) : `${nameOf(plan)}-again${again}`
    const opened = await openAs(request, plan, id)
    if (opened.ok) return { id, writer: opened.value }
    if (opened.failure.code !== 'trajectory.exists') throw new FailureError(opened.failure)
  }
}

function openAs(request: EvaluationRequest, plan: TrialPlan, id: string): Promise<Result<TrajectoryWriter>> {
  const { query, suite } = plan.task
  return request.openTrajectory({
    type: 'header',
    format: 'limi.trajectory/1',
    id,
    created: new Date().toISOString(),
    query: { id: query.id, digest: plan.taskDigest },
    source: { kind: 'built-in', agent: request.agentName, model: request.modelName },
    tags: { ...query.tags, evaluation: request.id, suite, trial: String(plan.trial) },
  })
}

async function keep(
  request: EvaluationRequest,
  plan: TrialPlan,
  rollout: Rollout,
  trajectory: string,
): Promise<Attempted> {
  const trial: Trial = {
    format: 'limi.trial/1',
    task: plan.task.id,
    taskDigest: plan.taskDigest,
    subtask: 1,
    trial: plan.trial,
    suite: plan.task.suite,
    max: Math.max(0, ...rollout.rounds.map((round) => round.max)),
    rounds: [...rollout.rounds],
    cause: rollout.cause,
    trajectory,
    usage: rollout.usage,
    seconds: rollout.seconds,
    diff: { ...rollout.diff },
    ...(rollout.failure === undefined ? {} : { failure: rollout.failure }),
  }
  unwrap(await writeTrial(request.folder, trial))
  return { status: 'measured', trial }
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

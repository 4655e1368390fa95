import { unwrap, type Failure, type Trial, type TrialFile } from '../../../nouns/index.js'
import { costOf } from '../../../shared/models/index.js'
import type { Scorer } from '../../../shared/scoring/index.js'
import { isMeasured } from '../metrics/index.js'
import { costOfRows, type Purse } from './cost.js'
import { writeTrial } from './files.js'
import { writeJudgements } from './judgements.js'
import { openLedger, type Ledger } from './judging.js'
import { playSubtask, type Part, type Played } from './play.js'
import { UNEXPLAINED } from './faults.js'
import { workspaceFor } from './workspace.js'
import type { EvaluationRequest, TrialPlan } from './request.js'

/** What came of a trial: its file is written, whole or up to where the budget stopped its judge; or the infrastructure did not hold. */
export type Attempted =
  | { readonly status: 'measured' | 'stopped'; readonly file: TrialFile }
  | { readonly status: 'faulted'; readonly failure: Failure }

/**
 * Makes one trial: the task's subtasks in order, on one workspace, each in a session of its own. A fault outside agent and task is written
 * down and the subtask made again, a few times, from the workspace as it was before it; if the infrastructure still fails nothing is kept
 * of the trial, so that a later run makes it. If a judge or a simulated user still fails, the trial is kept with this cause and counts
 * for nothing; so does one whose judge the budget stopped, which ends there. Throws a `FailureError` for an interruption and where disk or sandbox break.
 */
export async function attemptTrial(
  request: EvaluationRequest,
  plan: TrialPlan,
  scorers: readonly Scorer[],
  purse: Purse,
): Promise<Attempted> {
  const workspace = workspaceFor(request.workspaces, plan.task.query, {
    readable: request.agent.readable,
    signal: request.signal,
  })
  const rows: Trial[] = []
  try {
    for (const [at, query] of plan.subtasks.entries()) {
      const scorer = scorers[at]
      if (scorer === undefined) throw new Error(`no scorer for subtask ${at + 1} of ${plan.task.id}`)
      const account = openLedger(purse)
      const part = { plan, query, subtask: at + 1, scorer, account }
      const played = await playSubtask(request, part, workspace)
      if (!isMeasured(played.rollout) && played.rollout.cause === 'infrastructure') {
        return { status: 'faulted', failure: played.rollout.failure ?? UNEXPLAINED }
      }
      rows.push(rowOf(request, part, played))
      if (played.rollout.measured === false) break
    }
  } finally {
    await workspace.dispose()
  }
  purse.spend(costOfRows(rows))
  const status = rows.some(isStopped) ? 'stopped' : 'measured'
  return { status, file: await keep(request, plan, rows) }
}

/** Whether the budget ended before its judge was asked: it is to be made again once there is a larger one. */
export const isStopped = ({ measured, cause }: Trial): boolean => measured === false && cause === 'budget'

function rowOf(
  { price }: EvaluationRequest,
  { plan: { task, taskDigest, trial }, subtask, account }: Part & { readonly account: Ledger },
  { rollout, trajectory }: Played,
): Trial {
  const { rounds, cause, measured, usage, seconds, turns, calls, diff, failure } = rollout
  const judging = account.taken()
  return {
    task: task.id,
    taskDigest,
    subtask,
    trial,
    suite: task.suite,
    max: Math.max(0, ...rounds.map((round) => round.max)),
    rounds: [...rounds],
    cause,
    ...(measured === undefined ? {} : { measured }),
    trajectory,
    usage,
    seconds,
    turns,
    calls,
    ...(price === undefined ? {} : { cost: costOf(usage, price) }),
    ...(judging.length === 0 ? {} : { judging }),
    diff: { ...diff },
    ...(failure === undefined ? {} : { failure }),
  }
}

/** The judges' answers first: a trial's file, once there, says that all of it is. */
async function keep({ folder }: EvaluationRequest, { task, trial }: TrialPlan, rows: readonly Trial[]) {
  const subtasks = unwrap(await writeJudgements(folder, rows))
  const file: TrialFile = { format: 'limi.trial/2', task: task.id, trial, subtasks }
  unwrap(await writeTrial(folder, file))
  return file
}

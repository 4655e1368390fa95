import { Evaluation, unwrap, type Made, type TaughtOverlap, type Trial } from '../../../nouns/index.js'
import { digestOfValue, isMadeFrom, readManifest, versionsHere } from '../../../shared/project/index.js'
import { subtasksOf } from '../benchmarks/index.js'
import { isMeasured, measure } from '../metrics/index.js'
import { costOfRows } from './cost.js'
import { inOrder, plannedFiles, rowsOf } from './files.js'
import { judgingOf } from './judging.js'
import type { EvaluationPlan } from './plan.js'
import { madeFrom, type EvaluationIdentity } from './request.js'

/** What a summary says of an evaluation besides its trials. */
export interface SummaryHead extends Pick<Evaluation, 'id' | 'benchmark' | 'agent' | 'model' | 'rounds'> {
  readonly made: Pick<Made, 'inputs' | 'parameters'>
  readonly tasks: number
  readonly subtasks: number
  readonly taught?: TaughtOverlap | undefined
}

/** An evaluation's manifest from its trials, suites in the order of the request. */
export function summarise(request: EvaluationIdentity, trials: readonly Trial[], faults: number): Evaluation {
  const { id, benchmark, agentName: agent, modelName: model, rounds, tasks, taught } = request
  const subtasks = tasks.reduce((sum, task) => sum + subtasksOf(task).length, 0)
  const head = { id, benchmark, agent, model, rounds, made: madeFrom(request), tasks: tasks.length, subtasks, taught }
  return summaryOf(head, inOrderOfSuites(request, trials), faults)
}

/**
 * An evaluation's manifest from its trials. Beside the metrics: `unusedRounds` (RC not normalised), `unmeasured` (trials in which the
 * judge or a simulated user failed), `usage` and `cost` (the agent's, in all trials), `judging` (what judges took, each). `seconds` is the trials' own time, added up. The digest is of what
 * was measured, not of how long it took. Suites are in the order in which the trials name them.
 */
export function summaryOf(head: SummaryHead, trials: readonly Trial[], faults: number): Evaluation {
  const { id, benchmark, agent, model, rounds, made, tasks, subtasks, taught } = head
  const { metrics, suites, unusedRounds } = measure(trials, rounds)
  const judging = judgingOf(trials)
  return {
    format: 'limi.manifest/1',
    kind: 'evaluation',
    id,
    created: new Date().toISOString(),
    made: { ...made, versions: versionsHere() },
    digest: digestOfTrials([...trials].sort(inOrder)),
    ...{ benchmark, agent, model, rounds },
    trials: trials.filter(({ subtask }) => subtask === 1).length,
    ...{ tasks, subtasks, suites, metrics, unusedRounds },
    unmeasured: trials.filter((trial) => !isMeasured(trial)).length,
    usage: {
      inputTokens: trials.reduce((sum, { usage }) => sum + usage.inputTokens, 0),
      outputTokens: trials.reduce((sum, { usage }) => sum + usage.outputTokens, 0),
    },
    ...(trials.some(({ cost }) => cost !== undefined) ? { cost: costOfRows(trials) } : {}),
    ...(judging.length === 0 ? {} : { judging }),
    ...(taught === undefined ? {} : { taught }),
    infrastructureFaults: faults,
    seconds: trials.reduce((sum, { seconds }) => sum + seconds, 0),
  }
}

/** The finished evaluation of exactly this; null where there is none, one of something else, or one with a trial to be made again. */
export async function findEvaluation(identity: EvaluationIdentity): Promise<Evaluation | null> {
  const found = await readManifest(identity.folder, Evaluation)
  if (found === null || found.id !== identity.id) return null
  const { inputs, parameters } = madeFrom(identity)
  if (!isMadeFrom(found.made, inputs, parameters)) return null
  return (await isWhole(identity)) ? found : null
}

/** Whether every trial lies there and can be read, and none is to be made again. */
async function isWhole(identity: EvaluationIdentity): Promise<boolean> {
  const { files } = unwrap(await plannedFiles(identity.folder))
  const isThere = files.length === identity.tasks.length * (identity.trials ?? 1)
  return isThere && !(identity.remake !== undefined && rowsOf(files).some(identity.remake))
}

/** Whether these are the trials that an evaluation's manifest sums up. */
export function isSummaryOf(
  { digest }: Evaluation,
  trials: readonly Trial[],
  plan: Pick<EvaluationPlan, 'tasks'>,
): boolean {
  if (digestOfTrials([...trials].sort(inOrder)) === digest) return true
  // Early manifests took the trials in the order in which they were planned.
  const place = new Map(Object.keys(plan.tasks).map((task, at) => [task, at]))
  const planned = (a: Trial, b: Trial): number =>
    a.trial - b.trial || (place.get(a.task) ?? 0) - (place.get(b.task) ?? 0)
  return digestOfTrials([...trials].sort(planned)) === digest
}

/** Rows of first subtasks are digested as they were before there were others. */
const digestOfTrials = (trials: readonly Trial[]): string =>
  digestOfValue(
    trials.map(({ task, taskDigest, trial, subtask, rounds, cause, measured }) => [
      task,
      taskDigest,
      trial,
      rounds,
      cause,
      ...(subtask === 1 ? [] : [subtask]),
      ...(measured === undefined ? [] : [{ measured }]),
    ]),
  )

/** Suites appear as the benchmark orders them. */
function inOrderOfSuites(request: EvaluationIdentity, trials: readonly Trial[]): Trial[] {
  const suites = [...new Set(request.tasks.map((task) => task.suite))]
  return suites.flatMap((suite) => trials.filter((trial) => trial.suite === suite))
}

import type { Cause, Made, Price, Query, Result, TaughtOverlap, Trial } from '../../../nouns/index.js'
import type { Agent, OpenTrajectory } from '../../../shared/agents/index.js'
import type { ChatModel } from '../../../shared/models/index.js'
import { digestOfValue } from '../../../shared/project/index.js'
import type { Workspaces } from '../../../shared/rollouts/index.js'
import type { Scorer } from '../../../shared/scoring/index.js'
import { subtasksOf, type BenchmarkTask } from '../benchmarks/index.js'
import { compareText } from '../metrics/index.js'

/** What is measured and how: an evaluation made of the same needs no further work. */
export interface EvaluationIdentity {
  readonly id: string
  /** The evaluation's own folder: `evaluations/<id>`. */
  readonly folder: string
  /** The benchmark's name. */
  readonly benchmark: string
  /** Ids are unique. */
  readonly tasks: readonly BenchmarkTask[]
  readonly agentName: string
  readonly modelName: string
  readonly workspaces: Pick<Workspaces, 'name'>
  /** R: rounds at most a trial. */
  readonly rounds: number
  /** K: trials a task; 1 where not given. */
  readonly trials?: number
  /** What model and agent are, by content: `{ checkpoint: [{ id, digest }] }`. */
  readonly inputs: Made['inputs']
  /** What else decides a result: the agent's limits, sampling, the seed of the tasks. Evaluations compare only where these are equal. */
  readonly parameters?: Made['parameters']
  /** What the tasks share with what the model was taught, for the summary; no part of what is measured. */
  readonly taught?: TaughtOverlap | undefined
  /** Which of the trials that are there shall be made again all the same: those that were not measured, say. */
  readonly remake?: (row: Trial) => boolean
}

export interface EvaluationRequest extends EvaluationIdentity {
  readonly agent: Agent
  readonly model: ChatModel
  readonly workspaces: Workspaces
  readonly scorerFor: (query: Query) => Result<Scorer>
  /** Stores a trial's trajectory with the evaluation: held-out conversations never lie among those that train. */
  readonly openTrajectory: OpenTrajectory
  /** The model's, where it has one: trials then have a cost. */
  readonly price?: Price
  /** No further trial begins once all have cost this much, in the price's currency. */
  readonly maxCost?: number
  /** Trials at work at the same time. */
  readonly concurrency: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EvaluationProgress) => void
  /** Told of everything that was redone, retried or left out. */
  readonly onLine?: (line: string) => void
  /** Milliseconds before each further attempt at a trial that met a fault outside agent and task; 1 and 10 seconds where not given. */
  readonly backoffMs?: readonly number[]
}

export interface EvaluationProgress {
  readonly task: string
  readonly trial: number
  readonly suite: string
  readonly solved: boolean
  readonly cause: Cause
  /** Trials that have a result, those of earlier runs included. */
  readonly finished: number
  readonly total: number
}

/** One trial to be made. */
export interface TrialPlan {
  readonly task: BenchmarkTask
  /** The task's subtasks, in order. */
  readonly subtasks: readonly Query[]
  readonly taskDigest: string
  readonly trial: number
}

const digests = new WeakMap<BenchmarkTask, string>()

/** Digest of a task with all its subtasks; worked out once, as it is asked for at every step. */
export function digestOfTask(task: BenchmarkTask): string {
  const digest = digests.get(task) ?? digestOfValue(task.further === undefined ? task.query : subtasksOf(task))
  digests.set(task, digest)
  return digest
}

/** Every trial of an evaluation, round after round of all tasks, so that a cut one has something of each. */
export function plannedTrials(request: Pick<EvaluationIdentity, 'tasks' | 'trials'>): TrialPlan[] {
  const tasks = request.tasks.map((task) => ({ task, subtasks: subtasksOf(task), taskDigest: digestOfTask(task) }))
  const trials = Array.from({ length: request.trials ?? 1 }, (_, at) => at + 1)
  return trials.flatMap((trial) => tasks.map((task) => ({ ...task, trial })))
}

/** What an evaluation records of how it was made, tool versions aside. */
export function madeFrom(request: EvaluationIdentity): Pick<Made, 'inputs' | 'parameters'> {
  const tasks = request.tasks.map((task) => ({ id: task.id, suite: task.suite, digest: digestOfTask(task) }))
  return {
    inputs: request.inputs,
    parameters: {
      ...request.parameters,
      benchmark: request.benchmark,
      agent: request.agentName,
      model: request.modelName,
      sandbox: request.workspaces.name,
      rounds: request.rounds,
      trials: request.trials ?? 1,
      tasks: digestOfValue(tasks.sort((a, b) => compareText(a.id, b.id))),
    },
  }
}

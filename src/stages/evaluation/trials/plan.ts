import path from 'node:path'
import { z } from 'zod'
import { done, failed, Input, type Failure, own, type Result, type TrialFile } from '../../../nouns/index.js'
import { canonicalJson, readJson, writeJson } from '../../../shared/project/index.js'
import { digestOfTask, madeFrom, type EvaluationIdentity } from './request.js'

/** `evaluations/<id>/plan.json`: what the trials in this folder measure. Written before the first of them. */
export const EvaluationPlan = z.looseObject({
  format: z.literal('limi.evaluation-plan/1'),
  id: z.string(),
  benchmark: z.string(),
  agent: z.string(),
  model: z.string(),
  rounds: z.number().int().positive(),
  /** All trials that are to be made. */
  planned: z.number().int().nonnegative(),
  /** K. */
  trials: z.number().int().positive(),
  /** Digest of each task's query. */
  tasks: z.record(z.string(), z.string()),
  inputs: z.record(z.string(), z.array(Input)),
  parameters: z.record(z.string(), z.unknown()),
})
export type EvaluationPlan = z.infer<typeof EvaluationPlan>

const fileOf = (evaluation: string): string => path.join(evaluation, 'plan.json')

/** The plan of an evaluation's folder; null where there is none that can be read. */
export async function readPlan(evaluation: string): Promise<EvaluationPlan | null> {
  const read = await readJson(fileOf(evaluation), EvaluationPlan)
  return read.ok ? read.value : null
}

export const writePlan = (evaluation: string, plan: EvaluationPlan): Promise<Result<void>> =>
  writeJson(fileOf(evaluation), plan)

/** Whether a trial on disk is one of those that the plan asks for, of the task as it is now. */
export const isPlanned = (plan: EvaluationPlan, { task, trial, subtasks }: TrialFile): boolean =>
  trial <= plan.trials && subtasks.every(({ taskDigest }) => own(plan.tasks, task) === taskDigest)

/**
 * In what an evaluation's folder measures something else than this, in words; none where it is free, or holds trials of the same model,
 * agent and settings. Other tasks and more trials are no such difference: trials are kept by task.
 */
export async function evaluationChanges(identity: EvaluationIdentity): Promise<string[]> {
  const before = await readPlan(identity.folder)
  return before === null ? [] : changes(before, madeFrom(identity))
}

/** More than anybody waits for, and than one process can hold. */
const MOST_TRIALS = 1_000_000

const tooMany = ({ id }: EvaluationIdentity, planned: number): Failure => ({
  kind: 'input',
  code: 'evaluation.too-large',
  message: `evaluation ${id} would be ${planned} trials; ${MOST_TRIALS} are the most`,
  remedy: 'ask for fewer tasks or trials',
})

/** Lays down what is about to be measured. A folder with {@link evaluationChanges} is refused with `evaluation.changed`. */
export async function layPlan(request: EvaluationIdentity): Promise<Result<void>> {
  const planned = request.tasks.length * (request.trials ?? 1)
  if (planned > MOST_TRIALS) return failed(tooMany(request, planned))
  const { inputs, parameters } = madeFrom(request)
  const before = await readPlan(request.folder)
  const changed = await evaluationChanges(request)
  if (changed.length > 0) {
    return failed({
      kind: 'input',
      code: 'evaluation.changed',
      message: `evaluation ${request.id} measures something else: ${changed.join('; ')}`,
      where: fileOf(request.folder),
      remedy: 'give the new evaluation another id, or delete this folder to measure anew',
    })
  }
  const plan: EvaluationPlan = {
    format: 'limi.evaluation-plan/1',
    id: request.id,
    benchmark: request.benchmark,
    agent: request.agentName,
    model: request.modelName,
    rounds: request.rounds,
    planned: request.tasks.length * (request.trials ?? 1),
    trials: request.trials ?? 1,
    tasks: Object.fromEntries(request.tasks.map((task) => [task.id, digestOfTask(task)])),
    inputs,
    parameters,
  }
  const isSame = before !== null && canonicalJson(before) === canonicalJson(plan)
  return isSame ? done(undefined) : writePlan(request.folder, plan)
}

/** Trials are kept by task, so these may change without touching what was measured already. */
const MAY_CHANGE = new Set(['tasks', 'trials'])

function changes(
  before: Pick<EvaluationPlan, 'inputs' | 'parameters'>,
  now: Pick<EvaluationPlan, 'inputs' | 'parameters'>,
): string[] {
  const keys = [...new Set([...Object.keys(before.parameters), ...Object.keys(now.parameters)])].sort()
  const named = keys
    .filter((key) => !MAY_CHANGE.has(key))
    .filter((key) => canonicalJson([before.parameters[key]]) !== canonicalJson([now.parameters[key]]))
    .map(
      (key) =>
        `${key} was ${canonicalJson(before.parameters[key] ?? null)}, is ${canonicalJson(now.parameters[key] ?? null)}`,
    )
  const isSameInput = canonicalJson(before.inputs) === canonicalJson(now.inputs)
  return isSameInput ? named : [...named, `made from ${inputWords(before)}, now from ${inputWords(now)}`]
}

const inputWords = ({ inputs }: Pick<EvaluationPlan, 'inputs'>): string =>
  Object.entries(inputs)
    .flatMap(([role, items]) => items.map(({ id, digest }) => `${role} ${id} (${digest.slice(0, 8)})`))
    .join(', ') || 'nothing'

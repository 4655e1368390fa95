import { rm } from 'node:fs/promises'
import {
  done,
  failed,
  FailureError,
  unwrap,
  type Evaluation,
  type Result,
  type TrialFile,
} from '../../../nouns/index.js'
import { diskFailure, manifestFile, placeOf, writeManifest } from '../../../shared/project/index.js'
import type { Scorer } from '../../../shared/scoring/index.js'
import { subtasksOf } from '../benchmarks/index.js'
import { countFaults } from './faults.js'
import { rowsOf, sweep } from './files.js'
import { trialName } from './names.js'
import { layPlan } from './plan.js'
import { plannedTrials, type EvaluationRequest } from './request.js'
import { findEvaluation, summarise } from './summary.js'
import { makeTrials } from './work.js'
import { usableTrials } from './usable.js'

/**
 * Lets an agent with a model work through tasks, K trials each of up to R rounds, and measures FTFC, SR@R and RC@R.
 *
 * One file a trial, `trials/<task>-<trial>.json`, whole or absent; `plan.json` first, `manifest.json` last. Run again, it keeps what is
 * done and makes what is missing, cut, or of a task that has changed since (told in a line); a finished one it returns at once.
 * Failures: `evaluation.changed` (the folder measures something else), `scoring.*` of a task, `evaluation.infrastructure` (underway: some
 * trials could not be made, and nothing is counted for them), `evaluation.budget` (underway: `maxCost` is spent), `evaluation.interrupted`,
 * `trial.later` (a later limi wrote a trial there), `disk.*`.
 */
export async function evaluate(request: EvaluationRequest): Promise<Result<Evaluation>> {
  try {
    return done((await findEvaluation(request)) ?? (await measure(request)))
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
}

async function measure(request: EvaluationRequest): Promise<Evaluation> {
  const scorers = scorersOf(request)
  unwrap(await layPlan(request))
  const before = await usableTrials(request)
  await withdrawManifest(request.folder)
  await sweep(request.folder)
  const made = await makeTrials(request, before, scorers)
  const files = inOrder(request, [...before.files, ...made])
  const evaluation = summarise(request, rowsOf(files), await countFaults(request.folder))
  unwrap(await writeManifest(request.folder, evaluation))
  return evaluation
}

/** Every task's scorers, one a subtask, before the first trial costs anything. */
function scorersOf({ tasks, scorerFor, folder }: EvaluationRequest): Map<string, Scorer[]> {
  const scorers = new Map<string, Scorer[]>()
  for (const task of tasks) {
    unwrap(placeOf(folder, trialName(task.id, 1)))
    if (scorers.has(task.id)) throw new Error(`two tasks have the id ${task.id}`)
    scorers.set(
      task.id,
      subtasksOf(task).map((query) => unwrap(scorerFor(query))),
    )
  }
  return scorers
}

/** A manifest says "complete": one that no longer is must not be found while the rest is made. */
async function withdrawManifest(folder: string): Promise<void> {
  try {
    await rm(manifestFile(folder), { force: true })
  } catch (error) {
    throw new FailureError(diskFailure(error, folder), { cause: error })
  }
}

function inOrder(request: EvaluationRequest, files: readonly TrialFile[]): TrialFile[] {
  const byName = new Map(files.map((file) => [trialName(file.task, file.trial), file]))
  return plannedTrials(request).flatMap(({ task, trial }) => byName.get(trialName(task.id, trial)) ?? [])
}

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { done, Evaluation, failed, type Rate, type Result } from '../../nouns/index.js'
import { diskFailure, isId, readManifest } from '../../shared/project/index.js'
import { compareText, successRateOf } from './metrics/index.js'
import { isStopped, plannedFiles, readPlan, rowsOf, type EvaluationPlan } from './trials/index.js'

/** A line of `limi eval list`. */
export interface ListedEvaluation {
  readonly id: string
  readonly benchmark: string
  readonly agent: string
  readonly model: string
  /** Trials planned. */
  readonly trials: number
  /** Trials that have a result; fewer than `trials` where the evaluation is not finished. */
  readonly done: number
  readonly SR: Rate
}

/** Every evaluation in a project's `evaluations/`, finished or under way, in order of id. */
export async function listEvaluations(folder: string): Promise<Result<ListedEvaluation[]>> {
  const names = await foldersIn(folder)
  if (!names.ok) return names
  const listed: ListedEvaluation[] = []
  for (const name of names.value) {
    const place = path.join(folder, name)
    const finished = await readManifest(place, Evaluation)
    const plan = finished === null ? await readPlan(place) : null
    if (finished !== null) listed.push(listFinished(name, finished))
    else if (plan !== null) listed.push(await listUnderWay(name, place, plan))
  }
  return done(listed)
}

const listFinished = (id: string, { benchmark, agent, model, trials, metrics }: Evaluation): ListedEvaluation => ({
  id,
  benchmark,
  agent,
  model,
  trials,
  done: trials,
  SR: metrics.SR,
})

async function listUnderWay(id: string, place: string, plan: EvaluationPlan): Promise<ListedEvaluation> {
  const { benchmark, agent, model, planned } = plan
  const kept = await plannedFiles(place)
  const files = kept.ok ? kept.value.files : []
  const judged = files.filter(({ subtasks }) => !subtasks.some(isStopped))
  return { id, benchmark, agent, model, trials: planned, done: judged.length, SR: successRateOf(rowsOf(files)) }
}

async function foldersIn(folder: string): Promise<Result<string[]>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const names = entries.filter((entry) => entry.isDirectory() && isId(entry.name)).map((entry) => entry.name)
    return done(names.sort(compareText))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return done([])
    return failed(diskFailure(error, folder))
  }
}

import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { done, failed, type Failure, type Result, type Trial, type TrialFile } from '../../../nouns/index.js'
import { diskFailure, placeOf, writeJson } from '../../../shared/project/index.js'
import { compareText } from '../metrics/index.js'
import { trialName } from './names.js'
import { isPlanned, readPlan } from './plan.js'
import { readTrialFile } from './read-trial.js'

const EXTENSION = '.json'

const folderOf = (evaluation: string): string => path.join(evaluation, 'trials')

export interface KeptTrials {
  readonly files: readonly TrialFile[]
  /** Files that are no trial: cut, damaged, with figures that nothing measures, of another version. */
  readonly invalid: readonly Failure[]
}

/** All trial files in order of task and number, whatever the plan; one that cannot be read is told, not thrown away. */
export async function keptTrials(evaluation: string): Promise<Result<KeptTrials>> {
  const names = await trialFiles(evaluation)
  if (!names.ok) return names
  const rounds = (await readPlan(evaluation))?.rounds ?? Infinity
  const files: TrialFile[] = []
  const invalid: Failure[] = []
  for (const { name, read } of await readAll(folderOf(evaluation), names.value, rounds)) {
    if (!read.ok) invalid.push(read.failure)
    else if (isNamed(name, read.value)) files.push(read.value)
    else invalid.push(misnamed(path.join(folderOf(evaluation), name), read.value))
  }
  return done({ files: files.sort(byTaskAndTrial), invalid })
}

/** Whether a file holds what its name says: its trial's subtasks, from the first on. */
const isNamed = (name: string, { task, trial, subtasks }: TrialFile): boolean =>
  `${trialName(task, trial)}${EXTENSION}` === name &&
  subtasks.every((row, at) => row.task === task && row.trial === trial && row.subtask === at + 1)

interface ReadFile {
  readonly name: string
  readonly read: Result<TrialFile>
}

/** Files read before others have a turn. */
const AT_ONCE = 256

async function readAll(folder: string, names: readonly string[], rounds: number): Promise<ReadFile[]> {
  const files: ReadFile[] = []
  for (const [at, name] of names.entries()) {
    if (at % AT_ONCE === 0) await turn()
    files.push({ name, read: readTrialFile(path.join(folder, name), rounds) })
  }
  return files
}

/** The trials that the plan asks for, as far as they are made. */
export async function plannedFiles(evaluation: string): Promise<Result<KeptTrials>> {
  const kept = await keptTrials(evaluation)
  const plan = await readPlan(evaluation)
  if (!kept.ok || plan === null) return kept
  return done({ ...kept.value, files: kept.value.files.filter((file) => isPlanned(plan, file)) })
}

/** A row a subtask. */
export const rowsOf = (files: readonly TrialFile[]): Trial[] => files.flatMap(({ subtasks }) => subtasks)

/** The rows of an evaluation's trials; a damaged file is the failure. */
export async function readTrials(evaluation: string): Promise<Result<Trial[]>> {
  const kept = await plannedFiles(evaluation)
  if (!kept.ok) return kept
  const [damaged] = kept.value.invalid
  if (damaged === undefined) return done(rowsOf(kept.value.files))
  return failed({ remedy: 'run the evaluation again: this trial is redone, the others are kept', ...damaged })
}

export async function writeTrial(evaluation: string, file: TrialFile): Promise<Result<void>> {
  const place = placeOf(folderOf(evaluation), trialName(file.task, file.trial), EXTENSION)
  return place.ok ? writeJson(place.value, file) : place
}

/** Removes what writes that a crash cut have left beside the trials: one process at a time writes here. */
export async function sweep(evaluation: string): Promise<void> {
  const folder = folderOf(evaluation)
  const names = await readdir(folder).catch(() => [])
  const cut = names.filter((name) => name.endsWith('.tmp'))
  await Promise.all(cut.map((name) => rm(path.join(folder, name), { force: true })))
}

async function trialFiles(evaluation: string): Promise<Result<string[]>> {
  try {
    const names = await readdir(folderOf(evaluation))
    return done(names.filter((name) => name.endsWith(EXTENSION)).sort(compareText))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return done([])
    return failed(diskFailure(error, folderOf(evaluation)))
  }
}

type Place = Pick<Trial, 'task' | 'trial'>

const byTaskAndTrial = (a: Place, b: Place): number => compareText(a.task, b.task) || a.trial - b.trial

/** By task, then by trial, then by subtask. */
export const inOrder = (a: Trial, b: Trial): number => byTaskAndTrial(a, b) || a.subtask - b.subtask

const misnamed = (where: string, { task, trial }: TrialFile): Failure => ({
  kind: 'input',
  code: 'trial.misnamed',
  message: `holds trial ${trial} of ${task}, or not its subtasks in order`,
  where,
})

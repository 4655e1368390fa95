import path from 'node:path'
import {
  done,
  failed,
  FailureError,
  unwrap,
  type Failure,
  type Result,
  type Trial,
  type TrialFile,
} from '../../../../nouns/index.js'
import { recordFault, trialName, writeTrial } from '../../trials/index.js'
import {
  isArchive,
  type EvaluationImporter,
  type EvaluationSource,
  type ImportTarget,
  type WrittenEvaluation,
} from '../importer.js'
import { openLog, type OpenLog } from './log.js'
import { decisiveOf, type Decisive } from './score.js'
import { layEvaluation } from './lay.js'
import { trajectoryOf } from './trajectory.js'
import { trialOf } from './trial.js'

/** A sample is a task, an epoch a trial; docs/evaluation.md has the mapping. */
export const inspect: EvaluationImporter = {
  format: 'inspect',
  detect: (source) => Promise.resolve(looksLikeLog(source)),
  open: async (source) => {
    if (source.isFolder) return failed(folder(source.path))
    const opened = await openLog(source.path, isArchive(source))
    if (!opened.ok) return opened
    const log = opened.value
    return done({ name: log.header.eval.task, write: (target) => write(log, target), close: () => log.close() })
  },
}

/** The writer begins a document with its version and status, and an archive has its own ending. */
function looksLikeLog(source: EvaluationSource): boolean {
  if (source.isFolder) return false
  if (isArchive(source)) return path.extname(source.path).toLowerCase() === '.eval'
  return /^\s*\{\s*"(?:version"\s*:\s*\d+\s*,\s*"status|status"\s*:)/u.test(source.head)
}

interface Reading {
  readonly rows: Trial[]
  readonly rejected: Failure[]
  readonly seen: Set<string>
}

async function write(log: OpenLog, target: ImportTarget): Promise<Result<WrittenEvaluation>> {
  const reading: Reading = { rows: [], rejected: [], seen: new Set() }
  const decisive = decisiveOf(log.header, target.settings)
  try {
    for await (const { where, sample } of log.samples()) {
      if (target.signal?.aborted === true) return failed(INTERRUPTED)
      if (!sample.ok) reading.rejected.push(sample.failure)
      else await take(log, target, { reading, decisive, where, sample: sample.value })
    }
    const beyond = reading.rows.find(({ rounds, max }) => rounds.some(({ score }) => score > max || score < 0))
    if (beyond !== undefined) return failed(beyondScale(target, beyond))
    if (reading.rows.length === 0) return failed(reading.rejected[0] ?? empty(target))
    return done(await layEvaluation(log.header, target, reading))
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
}

interface Taken {
  readonly reading: Reading
  readonly decisive: Decisive
  readonly where: string
  readonly sample: Parameters<typeof trialOf>[0]
}

async function take(log: OpenLog, target: ImportTarget, { reading, decisive, where, sample }: Taken): Promise<void> {
  const { header } = log
  const bare = trialOf(sample, header, { decisive, max: target.settings.maxScore ?? 1, trajectory: '' })
  const name = trialName(bare.task, bare.trial)
  if (reading.seen.has(name)) {
    reading.rejected.push(duplicate(where, sample.id, sample.epoch))
    return
  }
  reading.seen.add(name)
  const row = { ...bare, trajectory: sample.messages.length === 0 ? null : name }
  if (row.trajectory !== null) {
    const source = { agent: header.eval.solver ?? 'inspect', model: header.eval.model }
    unwrap(await target.keep(trajectoryOf(sample, row, target, source)))
  }
  const file: TrialFile = { format: 'limi.trial/2', task: row.task, trial: row.trial, subtasks: [row] }
  unwrap(await writeTrial(target.folder, file))
  if (row.cause === 'infrastructure') await faultOf(target, row, sample)
  reading.rows.push(row)
}

async function faultOf({ folder: evaluation }: ImportTarget, row: Trial, sample: Taken['sample']): Promise<void> {
  const message = sample.error?.message ?? sample.limit?.reason ?? `stopped: ${sample.limit?.type ?? 'unknown'}`
  const failure: Failure = { kind: 'underway', code: 'inspect.error', message }
  const { task, trial, cause } = row
  await recordFault(evaluation, { task, subtask: 1, trial, attempt: 1, cause, failure })
}

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'import.interrupted',
  message: 'the import was stopped',
  remedy: 'run the same command again',
}

const folder = (where: string): Failure => ({
  kind: 'input',
  code: 'import.invalid',
  message: 'a folder is no log of Inspect',
  where,
  remedy: 'name the logs in it',
})

const empty = ({ imported }: ImportTarget): Failure => ({
  kind: 'input',
  code: 'import.empty',
  message: 'the log holds no sample',
  where: imported.path,
  remedy: 'run it with its samples logged',
})

const duplicate = (where: string, id: string | number, epoch: number): Failure => ({
  kind: 'input',
  code: 'import.duplicate',
  message: `sample ${JSON.stringify(id)} in epoch ${epoch} is there twice; the first was taken`,
  where,
  remedy: 'leave one of them out',
})

const beyondScale = ({ imported }: ImportTarget, { task, trial, rounds: [round], max }: Trial): Failure => ({
  kind: 'input',
  code: 'import.scale',
  message: `trial ${trial} of ${task} has the score ${round?.score ?? 0}, outside 0 to ${max}`,
  where: imported.path,
  remedy: 'say the full score with --max-score, or name another scorer with --scorer',
})

import path from 'node:path'
import { done, failed, type Failure, type Result, type Trial } from '../../nouns/index.js'
import { plural } from '../../shared/report/index.js'
import {
  csvOf,
  exportSource,
  rowOfTrial,
  writeInspectLog,
  writeLimiArchive,
  type ExportSource,
  type NotCarried,
  type TrialConversation,
} from '../../stages/evaluation/index.js'
import { conversationOf, trajectoryStore } from '../../stages/trajectories/index.js'
import { LinesFile } from '../lines-file.js'
import { checkPlace, noFile, type MayReplace } from '../out-place.js'
import type { RunOutcome } from '../project-run.js'
import type { Run } from '../run.js'
import { exportProject } from '../trajectories/export.js'

export interface EvaluationExportRequest {
  readonly id: string
  readonly format: string
  /** A file; for `atif` a folder. */
  readonly out: string
  /** Which files that are there may be replaced; none where not given. */
  readonly mayReplace?: MayReplace
}

interface Writing {
  readonly run: Run
  readonly source: ExportSource
  /** Where the file will be, for failures. */
  readonly where: string
  readonly file: LinesFile
}

type Write = (writing: Writing) => Promise<Result<readonly NotCarried[]>>

const WRITERS: Readonly<Record<string, Write>> = {
  inspect: writeInspect,
  limi: async ({ source, where, file }) => {
    const written = await writeLimiArchive(source.folder, where, (bytes) => file.write(bytes))
    return written.ok ? done([]) : written
  },
  csv: async ({ source, file }) => nothingLost(await file.write(csvOf(source.trials.map(rowOfTrial)))),
  jsonl: async ({ source, file }) => {
    const lines = source.trials.map((trial) => `${JSON.stringify(rowOfTrial(trial))}\n`)
    return nothingLost(await file.write(lines.join('')))
  },
}

const ATIF = 'atif'

/** `limi eval export`: what the format cannot hold is said, a line a field. */
export async function exportEvaluation(run: Run, request: EvaluationExportRequest): Promise<Result<RunOutcome>> {
  const { id, format, mayReplace = noFile } = request
  const write = Object.hasOwn(WRITERS, format) ? WRITERS[format] : undefined
  if (write === undefined && format !== ATIF) return failed(unknownFormat(format))
  const source = await exportSource(run.project.paths.evaluations, id)
  if (!source.ok) return source
  if (write === undefined) return exportConversations(run, source.value, request)
  const where = path.resolve(request.out)
  if (format === 'inspect' && !INSPECT_NAMES.test(where)) return failed(inspectName(where))
  const free = await checkPlace(where, mayReplace)
  if (!free.ok) return free
  const opened = await LinesFile.open(where)
  if (!opened.ok) return opened
  const lost = await write({ run, source: source.value, where, file: opened.value })
  if (!lost.ok) {
    await opened.value.abandon()
    return lost
  }
  const committed = await opened.value.commit()
  if (!committed.ok) return committed
  for (const { field, places } of lost.value) run.warn(`the format does not hold ${field} (${plural(places, 'place')})`)
  const rows = source.value.trials.length
  const data = { id, format, file: where, trials: rows, lost: lost.value }
  return done({ data, text: `${plural(rows, 'trial')} of ${id}  → ${where}` })
}

const nothingLost = (written: Result<void>): Result<readonly NotCarried[]> => (written.ok ? done([]) : written)

const trajectoriesOf = ({ folder }: ExportSource): string => path.join(folder, 'trajectories')

function writeInspect({ run, source, where, file }: Writing): Promise<Result<NotCarried[]>> {
  const store = trajectoryStore(trajectoriesOf(source))
  const conversation = async ({ trajectory: id }: Trial): Promise<Result<TrialConversation | null>> => {
    if (run.signal?.aborted === true) return failed(INTERRUPTED)
    if (id === null) return done(null)
    const read = await store.read(id)
    if (!read.ok) {
      run.warn(`no conversation of ${id}: ${read.failure.message}`)
      return done(null)
    }
    const { messages, leftOut } = conversationOf(read.value)
    return done({ messages, leftOut, created: read.value.created })
  }
  const as = where.endsWith('.json') ? 'json' : 'eval'
  return writeInspectLog({ source, as, where, write: (bytes) => file.write(bytes), conversationOf: conversation })
}

/** The exporter of trajectories, on those of this evaluation. */
async function exportConversations(
  run: Run,
  source: ExportSource,
  { out, mayReplace }: EvaluationExportRequest,
): Promise<Result<RunOutcome>> {
  const { project } = run
  const within = { ...project, paths: { ...project.paths, trajectories: trajectoriesOf(source) } }
  const ids = source.trials.flatMap(({ trajectory }) => (trajectory === null ? [] : [trajectory]))
  if (ids.length === 0) return failed(noConversations(source.id))
  return exportProject({ ...run, project: within }, { ids, format: ATIF, out, mayReplace })
}

const INSPECT_NAMES = /\.(?:eval|json)$/u

const inspectName = (where: string): Failure => ({
  kind: 'input',
  code: 'export.name',
  message: 'a log of Inspect is told by its ending',
  where,
  remedy: 'name a file that ends in .eval (an archive, which its viewer reads in pieces) or .json',
})

const unknownFormat = (format: string): Failure => ({
  kind: 'input',
  code: 'export.format',
  message: `no format of evaluations is called ${JSON.stringify(format)}`,
  remedy: `one of: ${[...Object.keys(WRITERS), ATIF].join(', ')}`,
})

const noConversations = (id: string): Failure => ({
  kind: 'input',
  code: 'export.nothing',
  message: `evaluation ${id} has no conversations`,
  remedy: '--format jsonl has a row a trial',
})

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'export.interrupted',
  message: 'the export was stopped',
  remedy: 'run the same command again',
}

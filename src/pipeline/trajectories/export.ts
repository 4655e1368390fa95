import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import {
  exporterOf,
  exportTrajectory,
  trajectoryStore,
  type Exported,
  type Lost,
  type TrajectoryExporter,
} from '../../stages/trajectories/index.js'
import { makeFolder, writeFileAtomic } from '../../shared/project/index.js'
import { plural } from '../../shared/report/index.js'
import { LinesFile } from '../lines-file.js'
import { checkPlace, noFile, type MayReplace } from '../out-place.js'
import type { RunOutcome } from '../project-run.js'
import type { Run } from '../run.js'

export interface ExportRequest {
  /** All trajectories where empty. */
  readonly ids: readonly string[]
  readonly format: string
  /** A file, or a folder where each trajectory is a file of its own; printed where not given. */
  readonly out?: string
  /** Which files that are there may be replaced; none where not given. */
  readonly mayReplace?: MayReplace
  /** Where no `out` is given: takes one text after the other. Without it they are collected into the answer. */
  readonly print?: (text: string) => Promise<void>
}

/** Takes the texts one at a time, so that no more than one trajectory is in memory. */
interface Sink {
  take(exported: Exported): Promise<Result<void>>
  /** What the command says it did. */
  finish(count: number): Promise<Result<{ readonly data: object; readonly text: string }>>
  /** Leaves what lay there as it was, save for files that are whole by themselves; says how the export is made after all. */
  abandon(): Promise<string>
}

/** `limi trajectories export`: what the format cannot hold is said, a line a field. */
export async function exportProject(run: Run, request: ExportRequest): Promise<Result<RunOutcome>> {
  const exporter = exporterOf(request.format)
  if (!exporter.ok) return exporter
  const store = trajectoryStore(run.project.paths.trajectories)
  const ids = request.ids.length > 0 ? done([...new Set(request.ids)]) : await store.list()
  if (!ids.ok) return ids
  const opened = await sinkFor(request, exporter.value, ids.value)
  if (!opened.ok) return opened
  const sink = opened.value
  const lost: Lost[] = []
  const warnings: string[] = []
  for (const id of ids.value) {
    const one = await exportOne(run, store, id, request.format, sink)
    if (!one.ok) {
      const remedy = await sink.abandon()
      return one.failure === INTERRUPTED ? failed({ ...INTERRUPTED, remedy }) : one
    }
    lost.push(...one.value.lost)
    warnings.push(...one.value.warnings)
  }
  for (const line of [...lostLines(lost), ...warnings]) run.warn(line)
  const finished = await sink.finish(ids.value.length)
  return finished.ok ? done({ data: { ...finished.value.data, lost, warnings }, text: finished.value.text }) : finished
}

async function exportOne(
  run: Run,
  store: ReturnType<typeof trajectoryStore>,
  id: string,
  format: string,
  sink: Sink,
): Promise<Result<Omit<Exported, 'text'>>> {
  if (run.signal?.aborted === true) return failed(INTERRUPTED)
  const trajectory = await store.read(id)
  if (!trajectory.ok) return trajectory
  const { text, ...rest } = await exportTrajectory(trajectory.value, format)
  const taken = await sink.take({ text, ...rest })
  return taken.ok ? done(rest) : taken
}

async function sinkFor(
  { out, print, mayReplace = noFile }: ExportRequest,
  { layout, format }: TrajectoryExporter,
  ids: readonly string[],
): Promise<Result<Sink>> {
  if (out !== undefined) {
    const place = path.resolve(out)
    return layout === 'lines' ? linesSink(place, mayReplace) : filesSink(place, ids, mayReplace)
  }
  if (layout === 'files' && ids.length !== 1) return failed(needsFolder(format))
  return done(printSink(print))
}

async function linesSink(file: string, mayReplace: MayReplace): Promise<Result<Sink>> {
  const free = await checkPlace(file, mayReplace)
  if (!free.ok) return free
  const opened = await LinesFile.open(file)
  if (!opened.ok) return opened
  const lines = opened.value
  return done({
    take: ({ text }) => lines.append(text),
    abandon: async () => {
      await lines.abandon()
      return AGAIN
    },
    finish: async (count) => {
      const written = await lines.commit()
      return written.ok
        ? done({ data: { file, exported: count }, text: `${plural(count, 'trajectory', 'trajectories')}  → ${file}` })
        : written
    },
  })
}

/** Each file is whole or not there; those of an interrupted export stay. */
async function filesSink(folder: string, ids: readonly string[], mayReplace: MayReplace): Promise<Result<Sink>> {
  const fileOf = (id: string): string => path.join(folder, `${id}.json`)
  for (const id of ids) {
    const free = await checkPlace(fileOf(id), mayReplace)
    if (!free.ok) return free
  }
  const made = await makeFolder(folder)
  if (!made.ok) return made
  const files: string[] = []
  return done({
    take: async ({ id, text }) => {
      files.push(fileOf(id))
      return writeFileAtomic(fileOf(id), `${text}\n`)
    },
    abandon: () =>
      Promise.resolve(
        files.length === 0
          ? AGAIN
          : `${AGAIN} with --force: it replaces what is there already (${plural(files.length, 'file')})`,
      ),
    finish: (count) =>
      Promise.resolve(
        done({
          data: { folder, files, exported: count },
          text: `${plural(count, 'trajectory', 'trajectories')}  → ${folder}/`,
        }),
      ),
  })
}

function printSink(print: ExportRequest['print']): Sink {
  const lines: unknown[] = []
  return {
    take: async ({ text }) => {
      if (print === undefined) lines.push(JSON.parse(text))
      else await print(`${text}\n`)
      return done(undefined)
    },
    abandon: () => Promise.resolve(AGAIN),
    finish: () => Promise.resolve(done({ data: { lines }, text: '' })),
  }
}

/** One line a field, however many trajectories lose it. */
function lostLines(lost: readonly Lost[]): string[] {
  const fields = new Map<string, number>()
  for (const { field } of lost) fields.set(field, (fields.get(field) ?? 0) + 1)
  return [...fields].map(
    ([field, count]) => `the format does not hold ${field} (${plural(count, 'trajectory', 'trajectories')})`,
  )
}

const needsFolder = (format: string): Failure => ({
  kind: 'input',
  code: 'export.needs-folder',
  message: `${format} is a file a trajectory`,
  remedy: 'name a folder with --out, or one trajectory',
})

const AGAIN = 'run the same command again'

const INTERRUPTED: Failure = { kind: 'interrupted', code: 'export.interrupted', message: 'the export was stopped' }

import path from 'node:path'
import { unwrap } from '../../nouns/index.js'
import { plural } from '../../shared/report/index.js'
import {
  importPaths,
  trajectoryStore,
  type ImportReport,
  type TrajectoryStore,
} from '../../stages/trajectories/index.js'
import type { Run } from '../run.js'

/** Imports files or folders of recorded runs into `trajectories/`; the caller is the project's one writer. */
export async function importInto(
  run: Run,
  paths: readonly string[],
  { format = 'auto', licence }: { readonly format?: string; readonly licence?: string } = {},
): Promise<ImportReport> {
  const store = trajectoryStore(run.project.paths.trajectories)
  const swept = unwrap(await store.sweep())
  if (swept > 0) run.warn(`${swept} unfinished files of an interrupted import were removed from trajectories/`)
  const before = await earlierStates(store)
  const report = unwrap(
    await importPaths(paths, { format, licence, store, signal: run.signal, onProgress: progressOf(run) }),
  )
  for (const line of [...outgrown(report, before), ...superseded(report)]) run.warn(line)
  return report
}

/** Ids of imported trajectories by the file that they came from. */
async function earlierStates(store: TrajectoryStore): Promise<ReadonlyMap<string, readonly string[]>> {
  const byPath = new Map<string, string[]>()
  for await (const { id, source } of store.headers()) {
    const [first] = source.files ?? []
    if (source.kind !== 'imported' || first === undefined) continue
    const file = path.resolve(first.path)
    byPath.set(file, [...(byPath.get(file) ?? []), id])
  }
  return byPath
}

/** A session that went on since it was last imported is there twice now, and would teach and count twice. */
function outgrown({ imported }: ImportReport, before: ReadonlyMap<string, readonly string[]>): string[] {
  const now = new Set(imported.map(({ id }) => id))
  return [...new Set(imported.map(({ source }) => source))].flatMap((source) => {
    const old = (before.get(path.resolve(source)) ?? []).filter((id) => !now.has(id))
    if (old.length === 0) return []
    const named = old.slice(0, NAMED).join(', ')
    const more = old.length > NAMED ? ` and ${old.length - NAMED} more` : ''
    return [
      `${source} was imported before with other content: ${named}${more} are still there; delete them if this replaces them`,
    ]
  })
}

/** Of a recording that died, what its recorder could write in time. */
const superseded = ({ imported }: ImportReport): string[] =>
  imported
    .filter(({ format, placed }) => placed === 'replaced' && format === 'recording')
    .map(({ id }) => `${id} was incomplete, and its recording holds more: what was there is in trajectories/replaced`)

const NAMED = 3
const FILES_A_LINE = 100

/** A line a hundred files, and the last. */
const progressOf =
  (run: Run) =>
  ({ finished, total }: { readonly finished: number; readonly total: number }): void => {
    if (total > FILES_A_LINE && (finished % FILES_A_LINE === 0 || finished === total))
      run.say(`${finished} of ${plural(total, 'file')} read`)
  }

import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { unwrap, type Trajectory } from '../../src/nouns/index.js'
import { importPaths, type ImportOptions, type ImportReport } from '../../src/stages/trajectories/import/index.js'
import {
  trajectoryStore,
  type StoredTrajectory,
  type TrajectoryStore,
} from '../../src/stages/trajectories/store/index.js'

/** A folder to import from, and a store beside it. */
export interface ImportBench {
  readonly folder: string
  readonly store: TrajectoryStore
  /** Writes text or bytes as they are, a list under the ending `.jsonl` as lines, any other value as JSON; gives the path. */
  put(name: string, content: unknown): Promise<string>
  run(paths: string | readonly string[], more?: Partial<ImportOptions>): Promise<ImportReport>
  read(id: string): Promise<StoredTrajectory>
  /** The first trajectory of a report. */
  first(report: ImportReport): Promise<StoredTrajectory>
  /** Imports what must be one trajectory without a rejection. */
  only(file: string): Promise<{ read: StoredTrajectory; report: ImportReport }>
}

export async function importBench(): Promise<ImportBench> {
  const base = await mkdtemp(path.join(os.tmpdir(), 'limi-import-bench-'))
  const folder = path.join(base, 'in')
  const store = trajectoryStore(path.join(base, 'trajectories'))
  const run: ImportBench['run'] = async (paths, more) =>
    unwrap(await importPaths([paths].flat(), { format: 'auto', store, ...more }))
  const read = async (id: string): Promise<StoredTrajectory> => unwrap(await store.read(id))
  const first = ({ imported: [one] }: ImportReport): Promise<StoredTrajectory> => read(one?.id ?? '')
  return {
    folder,
    store,
    run,
    read,
    first,
    put: async (name, content) => {
      const file = path.join(folder, name)
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, writtenAs(name, content))
      return file
    },
    only: async (file) => {
      const report = await run(file)
      const [one, another] = report.imported
      if (one === undefined || another !== undefined || report.rejected.length > 0) {
        throw new Error(`not one trajectory: ${JSON.stringify(report)}`)
      }
      return { report, read: await read(one.id) }
    },
  }
}

function writtenAs(name: string, content: unknown): string | Uint8Array {
  if (typeof content === 'string' || content instanceof Uint8Array) return content
  const lines: readonly unknown[] = /\.jsonl$/i.test(name) && Array.isArray(content) ? content : [content]
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}

/** Who says what in each thread: `id role origin`. */
export const shapeOf = ({ threads }: Pick<Trajectory, 'threads'>): Record<string, string[]> =>
  Object.fromEntries(
    threads.map((thread) => [thread.id, thread.messages.map(({ id, role, origin }) => `${id} ${role} ${origin}`)]),
  )

/** `role origin` of each message of a thread. */
export const originsOf = ({ threads }: Pick<Trajectory, 'threads'>, thread = 0): string[] =>
  (threads[thread]?.messages ?? []).map(({ role, origin }) => `${role} ${origin}`)

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {
  done,
  failed,
  type Failure,
  type Result,
  type Trajectory,
  type TrajectoryEvent,
} from '../../../../nouns/index.js'
import { importPaths, type ImportOptions } from '../../import/index.js'
import { assembleTrajectory } from '../../store/index.js'

/** Imports one exported text by the importer that users have, through a temporary file and into memory. */
export async function importText(text: string, format: string, extension: string): Promise<Result<Trajectory>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limi-export-'))
  try {
    const file = path.join(folder, `export${extension}`)
    await writeFile(file, `${text}\n`)
    const { store, lines } = memoryStore()
    const report = await importPaths([file], { format, store })
    if (!report.ok) return report
    const [rejected] = report.value.rejected
    if (rejected !== undefined) return failed(notBack(rejected.error.replace(file, 'the exported text')))
    if (report.value.imported.length !== 1)
      return failed(notBack(`it holds ${report.value.imported.length} trajectories`))
    return assembleTrajectory(lines, 'the exported text')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function memoryStore(): { readonly store: ImportOptions['store']; readonly lines: readonly string[] } {
  const lines: string[] = []
  const add = (value: object): void => void lines.push(JSON.stringify(value))
  const replace: ImportOptions['store']['replace'] = (header) => {
    add(header)
    return Promise.resolve(
      done({
        append: (event: TrajectoryEvent) => {
          add(event)
          return done(undefined)
        },
        commit: () => Promise.resolve(done('new' as const)),
        abandon: () => undefined,
      }),
    )
  }
  return { store: { replace, supersede: replace }, lines }
}

const notBack = (message: string): Failure => ({
  kind: 'input',
  code: 'export.not-read',
  message,
  remedy: 'export it in another format',
})

import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { TrajectoryStore } from '../store/index.js'
import { FileCounter, type FileReport } from './file-report.js'
import { findSources, type Found } from './find.js'
import { importFile } from './import-file.js'
import type { ImportedTrajectory } from './receiver.js'
import { checkFormat } from './registry.js'

/** V8 holds strings of half a billion characters; a document is held as text and as values. */
const MAX_DOCUMENT_BYTES = 256 << 20

export interface ImportOptions {
  /** `auto`, or one of {@link importFormats}. */
  readonly format: string
  readonly store: Pick<TrajectoryStore, 'replace' | 'supersede'>
  /** SPDX name of the licence that the sources are under. */
  readonly licence?: string
  /** Largest JSON value that is held whole, in bytes: a document, a line, or an element of a streamed document. */
  readonly maxDocumentBytes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly path: string; readonly finished: number; readonly total: number }) => void
}

/** A file, or a record of one, that could not be read. */
export interface Rejected {
  readonly path: string
  /** What is wrong, its code, and where. */
  readonly error: string
  /** What to do about it. */
  readonly remedy?: string
}

export interface ImportReport {
  readonly files: readonly FileReport[]
  readonly imported: readonly ImportedTrajectory[]
  readonly rejected: readonly Rejected[]
  readonly passedOver: Found['passedOver']
}

/**
 * Imports files and folders. A file, or a record of one, that cannot be read is rejected alone.
 * Only a wrong format name, an interruption or a store that cannot be written fails as a whole.
 */
export async function importPaths(paths: readonly string[], options: ImportOptions): Promise<Result<ImportReport>> {
  const format = checkFormat(options.format)
  if (!format.ok) return format
  const found = await findSources(paths, options.format)
  const imported: ImportedTrajectory[] = []
  const rejected = found.failures.map(({ path, failure }) => rejectedOf(path, failure))
  const settings = { ...options, maxDocumentBytes: options.maxDocumentBytes ?? MAX_DOCUMENT_BYTES }
  const files: FileReport[] = []
  for (const [index, path] of found.files.entries()) {
    const counter = new FileCounter(path)
    for await (const one of importFile(path, settings)) {
      if (one.ok) {
        imported.push(one.value)
        counter.add(one.value)
      } else if (one.failure.kind !== 'input') return one
      else {
        rejected.push(rejectedOf(path, one.failure))
        counter.reject()
      }
    }
    files.push(counter.report())
    if (options.signal?.aborted === true) return failed(INTERRUPTED)
    options.onProgress?.({ path, finished: index + 1, total: found.files.length })
  }
  return done({ files, imported, rejected, passedOver: found.passedOver })
}

const rejectedOf = (path: string, { message, code, where, remedy }: Failure): Rejected => ({
  path,
  error: `${message} (${code})${where === undefined ? '' : ` at ${where}`}`,
  ...(remedy === undefined ? {} : { remedy }),
})

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'import.interrupted',
  message: 'the import was stopped',
  remedy: 'run the same command again: what was imported is kept',
}

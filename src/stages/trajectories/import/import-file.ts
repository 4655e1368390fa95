import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { failed, FailureError, type Failure, type Result } from '../../../nouns/index.js'
import { holdHeapSmall } from '../../../shared/memory/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import { isDiskError, readHead } from './head.js'
import { Receiver, type ImportedTrajectory, type ImportSettings } from './receiver.js'
import { chooseImporter, clearlyOther } from './registry.js'

/** Files above this many bytes are read with a small heap. */
const LONG_BYTES = 256 << 20

/** Every trajectory of one file, and a failure for each that cannot be read. A failure that is not the file's own has another kind than `input`. */
export async function* importFile(path: string, settings: ImportSettings): AsyncGenerator<Result<ImportedTrajectory>> {
  let receiver: Receiver | undefined
  try {
    const head = await readHead(path)
    const importer = chooseImporter(settings.format, head)
    if (importer === null) {
      yield failed(unknownFormat(path))
      return
    }
    const other = settings.format === 'auto' ? null : clearlyOther(importer, head)
    if (other !== null) {
      yield failed(anotherFormat(path, importer.format, other.format))
      return
    }
    receiver = new Receiver(path, importer, settings)
    const before = await stat(path)
    const { size } = before
    if (size > LONG_BYTES) holdHeapSmall()
    const { maxDocumentBytes, signal } = settings
    for await (const items of importer.read({ path, bytes: size, head, maxDocumentBytes, signal })) {
      for (const item of 'kind' in items ? [items] : items) {
        const result = item.kind === 'event' ? receiver.takeEvent(item.event) : await receiver.take(item)
        if (result !== null) yield result
      }
      if (signal?.aborted === true) break
    }
    if (await hasChanged(path, before)) yield failed(changed(path))
    if (receiver.records === 0 && signal?.aborted !== true) yield failed(empty(path))
  } catch (error) {
    yield failed(failureFrom(error, path))
  } finally {
    receiver?.abandon()
  }
}

/** An unreadable source is that file's own fault, never the whole import's. */
function failureFrom(error: unknown, path: string): Failure {
  if (error instanceof FailureError) return error.failure
  return isDiskError(error) ? { ...diskFailure(error, path), kind: 'input' } : bug(error, path)
}

/** What an importer did not foresee must not take the other files with it. */
const bug = (error: unknown, where: string): Failure => ({
  kind: 'input',
  code: 'import.bug',
  message: `a fault of limi's own in reading it: ${error instanceof Error ? error.message : String(error)}`,
  where,
  remedy: 'please report it, with the file if you can; the other files are imported',
})

/** A session that is being written: what was read is no one state of it. */
async function hasChanged(path: string, before: Stats): Promise<boolean> {
  const now = await stat(path)
  return now.size !== before.size || now.mtimeMs !== before.mtimeMs
}

const changed = (where: string): Failure => ({
  kind: 'input',
  code: 'import.changed',
  message: 'the file changed while it was read',
  where,
  remedy: 'import it again when nobody writes it',
})

const anotherFormat = (where: string, asked: string, found: string): Failure => ({
  kind: 'input',
  code: 'import.another-format',
  message: `this is no ${asked}: it looks like ${found}`,
  where,
  remedy: 'leave out --format',
})

const unknownFormat = (where: string): Failure => ({
  kind: 'input',
  code: 'import.unknown-format',
  message: 'no known format',
  where,
  remedy: 'name the format with --format, or leave the file out',
})

const empty = (where: string): Failure => ({
  kind: 'input',
  code: 'import.empty',
  message: 'the file holds no record',
  where,
})

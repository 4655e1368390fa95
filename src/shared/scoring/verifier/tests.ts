import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { diskFailure, digestOf, digestOfValue } from '../../project/index.js'

/** One file of `/tests`. */
export interface TestFile {
  /** Relative to `/tests`. */
  readonly name: string
  readonly isProgram: boolean
  readonly content: Buffer
}

export interface Tests {
  readonly files: readonly TestFile[]
  /** SHA-256 of their names, contents and whether they are programs. */
  readonly digest: string
}

const MAX_BYTES = 64 << 20
const MAX_FILES = 5000

/**
 * What lies in `/tests` when a verifier runs: files by their names, and what folders hold, a later place over an earlier one. Failures:
 * `verifier.tests` (no plain file, too much), those of the disk.
 */
export async function readTests(places: readonly string[]): Promise<Result<Tests>> {
  const files = new Map<string, TestFile>()
  let bytes = 0
  try {
    for (const place of places) {
      for (const [name, file] of await filesOf(place)) {
        const found = await stat(file)
        bytes += found.size
        if (bytes > MAX_BYTES) return failed(refused(`the tests have more than ${MAX_BYTES} bytes`, file))
        if (files.size === MAX_FILES) return failed(refused(`the tests are more than ${MAX_FILES} files`, file))
        files.set(name, { name, isProgram: (found.mode & 0o100) !== 0, content: await readFile(file) })
      }
    }
  } catch (error) {
    if (error instanceof NoPlainFile) return failed(refused('tests are plain files, no links', error.message))
    return failed(diskFailure(error, places[0] ?? '.'))
  }
  const sorted = [...files.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
  const told = sorted.map(({ name, isProgram, content }) => [name, isProgram, digestOf(content)])
  return done({ files: sorted, digest: digestOfValue(told) })
}

class NoPlainFile extends Error {}

/** Files by the names they get; a folder gives its own, at any depth. */
async function filesOf(place: string): Promise<readonly (readonly [string, string])[]> {
  const found = await lstat(place)
  if (found.isSymbolicLink()) throw new NoPlainFile(place)
  if (found.isFile()) return [[path.basename(place), place]]
  const entries = await readdir(place, { recursive: true, withFileTypes: true })
  return entries.flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isDirectory()) return []
    if (!entry.isFile()) throw new NoPlainFile(file)
    return [[path.relative(place, file).split(path.sep).join('/'), file] as const]
  })
}

const refused = (message: string, where: string): Failure => ({
  kind: 'input',
  code: 'verifier.tests',
  message,
  where,
  remedy: 'leave this task out, or make its tests smaller plain files',
})

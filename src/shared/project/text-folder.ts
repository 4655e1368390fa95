import { isUtf8 } from 'node:buffer'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { diskFailure } from './disk-failure.js'

/** Bytes of all files of a workspace together: they are kept inside the query's own file. */
const MAX_BYTES = 4 << 20
const MAX_FILES = 10_000

/** What is wrong with a folder, and where. */
type Refuse = (message: string, where: string) => { readonly ok: false; readonly failure: Failure }

/**
 * The text files below a folder by relative path, `.git` aside. What is no plain UTF-8 file, a link above all, and what is too much is
 * refused in the caller's words.
 */
export async function readTextFolder(folder: string, refuse: Refuse): Promise<Result<Record<string, string>>> {
  const files: [string, string][] = []
  let bytes = 0
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      const file = path.join(entry.parentPath, entry.name)
      const name = path.relative(folder, file).split(path.sep).join('/')
      if (entry.isDirectory() || name.startsWith('.git/')) continue
      if (!entry.isFile()) return refuse('only plain files can be kept in a query', file)
      bytes += (await stat(file)).size
      if (bytes > MAX_BYTES) return refuse(`the files have more than ${MAX_BYTES} bytes`, folder)
      if (files.length === MAX_FILES) return refuse(`there are more than ${MAX_FILES} files`, folder)
      const content = await readFile(file)
      if (!isUtf8(content)) return refuse('only UTF-8 text can be kept in a query', file)
      files.push([name, content.toString('utf8')])
    }
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
  return done(Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1))))
}

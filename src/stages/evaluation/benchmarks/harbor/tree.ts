import { lstat, readdir, readlink, realpath } from 'node:fs/promises'
import path from 'node:path'
import { digestOfFile, digestOfValue } from '../../../../shared/project/index.js'
import { because, type Why } from './why.js'

const MAX_BYTES = 4 * 1024 ** 3
const MAX_FILES = 100_000

/** A digest of names, programs, links and contents below a folder; or why it is not taken: a link that leaves the task, no plain file, too much. */
export async function digestOfTree(folder: string, task: string): Promise<{ readonly digest: string } | Why> {
  const home = await realpath(task)
  const told: unknown[] = []
  let bytes = 0
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const places = entries.map((entry) => path.join(entry.parentPath, entry.name)).sort()
  if (places.length > MAX_FILES) return because(`it has more than ${MAX_FILES} files`)
  for (const place of places) {
    const name = path.relative(task, place).split(path.sep).join('/')
    const found = await lstat(place)
    if (found.isDirectory()) continue
    if (found.isSymbolicLink()) {
      if (!(await staysIn(place, home))) return because(`a link leaves its folder: ${name}`)
      told.push([name, await readlink(place)])
    } else if (found.isFile()) {
      bytes += found.size
      if (bytes > MAX_BYTES) return because(`it has more than ${MAX_BYTES} bytes`)
      told.push([name, (found.mode & 0o100) !== 0, await digestOfFile(place)])
    } else return because(`it holds what is no plain file: ${name}`)
  }
  return { digest: digestOfValue(told) }
}

/** A link to nowhere leads where its words say. */
async function staysIn(link: string, home: string): Promise<boolean> {
  const target = await realpath(link).catch(async () =>
    path.resolve(await realpath(path.dirname(link)), await readlink(link)),
  )
  return target === home || target.startsWith(home + path.sep)
}

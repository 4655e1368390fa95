import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, FailureError, type Failure, type Query, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import { checkOut } from '../../../shared/repositories/index.js'
import type { Sandbox, SandboxProvider } from '../../../shared/sandboxes/index.js'

/** Files of a folder by relative path with forward slashes. */
export type Files = ReadonlyMap<string, Uint8Array>

/** Never looked into: what git keeps is not the work, and installed packages are not it either. */
const PASSED_OVER = new Set(['.git', 'node_modules'])

const MAX_BYTES = 64 * 1024 * 1024

/**
 * Makes a folder as a query wants to begin. Failures: `record.workspace` where there is something in it already, those of git and
 * the disk.
 */
export async function prepareWorkspace(folder: string, { start, id }: Query, root: string): Promise<Result<void>> {
  try {
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length > 0) return failed(notEmpty(folder, id))
    if (start.repository !== undefined) {
      const { path: repository, commit } = start.repository
      const cloned = await checkOut(path.resolve(root, repository), commit, folder)
      if (!cloned.ok) return cloned
    }
    for (const [name, content] of Object.entries(start.files)) {
      const file = path.resolve(folder, name)
      if (!file.startsWith(folder + path.sep) || (await leadsThroughLink(folder, name)))
        return failed(outside(name, id))
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, content)
    }
    return done(undefined)
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
}

/** A repository's own links could lead a file of the query anywhere. */
async function leadsThroughLink(folder: string, name: string): Promise<boolean> {
  let place = folder
  for (const step of path.normalize(name).split(path.sep)) {
    place = path.join(place, step)
    const found = await lstat(place).catch(() => null)
    if (found === null) return false
    if (found.isSymbolicLink()) return true
  }
  return false
}

/** The files of a folder, and a line for each thing that was passed over. `record.large` beyond 64 MB. */
export async function readWorkspace(folder: string): Promise<Result<{ files: Files; passedOver: readonly string[] }>> {
  const files = new Map<string, Uint8Array>()
  const passedOver: string[] = []
  let bytes = 0
  const read = async (below: string): Promise<Failure | null> => {
    for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (PASSED_OVER.has(entry.name)) passedOver.push(name)
      else if (entry.isDirectory()) {
        const failure = await read(name)
        if (failure !== null) return failure
      } else if (!entry.isFile()) passedOver.push(name)
      else {
        const file = path.join(folder, name)
        if (bytes + (await lstat(file)).size > MAX_BYTES) return tooLarge(folder)
        const content = await readFile(file)
        bytes += content.length
        files.set(name, content)
      }
    }
    return null
  }
  try {
    const failure = await read('')
    return failure === null ? done({ files, passedOver }) : failed(failure)
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
}

/** A sandbox that began with some files and now holds others, so that what changed can be told. */
export async function sandboxAfter(
  sandboxes: SandboxProvider,
  before: Files,
  after: Files,
): Promise<Result<{ readonly sandbox: Sandbox; readonly changes: () => ReturnType<Sandbox['diff']> }>> {
  const created = await sandboxes.create({ files: {} })
  if (!created.ok) return created
  const sandbox = created.value
  try {
    for (const [name, content] of before) await sandbox.write(name, content)
    const start = await sandbox.snapshot()
    for (const name of before.keys()) if (!after.has(name)) await sandbox.exec(`rm -f -- ${quoted(name)}`)
    for (const [name, content] of after) await sandbox.write(name, content)
    await sandbox.enter('.')
    return done({ sandbox, changes: () => sandbox.diff(start) })
  } catch (error) {
    await sandbox.dispose()
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const notEmpty = (folder: string, id: string): Failure => ({
  kind: 'input',
  code: 'record.workspace',
  message: `the workspace for query ${id} is not empty`,
  where: folder,
  remedy: 'name an empty folder with --workspace DIR, or leave it out',
})

const outside = (name: string, id: string): Failure => ({
  kind: 'input',
  code: 'record.workspace',
  message: `query ${id} starts with a file outside its workspace`,
  where: name,
  remedy: 'give it a relative path in `start.files`',
})

const tooLarge = (folder: string): Failure => ({
  kind: 'input',
  code: 'record.large',
  message: `the workspace holds more than ${MAX_BYTES} bytes, too many to be scored here`,
  where: folder,
  remedy: 'say the outcome yourself: --outcome success|failure|unknown',
})

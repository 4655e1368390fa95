import { mkdir, open, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure } from './disk-failure.js'

/**
 * Makes a folder and those above it, one by one: Node's recursive `mkdir` never returns where a file system refuses new
 * folders with ENOENT, as /proc does. Failures: `disk.denied`, those of the disk.
 */
export async function makeFolder(folder: string): Promise<Result<void>> {
  try {
    if (await isFolder(folder)) return done(undefined)
    const above = path.dirname(folder)
    const parent = above === folder ? done(undefined) : await makeFolder(above)
    return parent.ok ? await makeOne(folder) : parent
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
}

/** {@link makeFolder} for the folder that a file is to lie in; the failure names the file. */
export async function makeFolderFor(file: string): Promise<Result<void>> {
  const made = await makeFolder(path.dirname(file))
  return made.ok ? made : failed({ ...made.failure, where: file })
}

/**
 * Opens a file to be written from its start, and makes the folder that it is to lie in where there is none. Failures as of
 * {@link makeFolder}; they name the file, or what it stands for.
 */
export async function openToWrite(file: string, named = file): Promise<Result<FileHandle>> {
  try {
    return done(await open(file, 'w'))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return failed(diskFailure(error, named))
  }
  const made = await makeFolderFor(named)
  if (!made.ok) return made
  try {
    return done(await open(file, 'w'))
  } catch (error) {
    return failed(diskFailure(error, named))
  }
}

async function makeOne(folder: string): Promise<Result<void>> {
  try {
    await mkdir(folder)
    return done(undefined)
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await isFolder(folder))) return done(undefined)
    if (codeOf(error) !== 'ENOENT') throw error
    return failed({
      kind: 'input',
      code: 'disk.denied',
      message: `no folder can be made in ${path.dirname(folder)}`,
      where: folder,
      remedy: 'choose a folder that you may write to, or change its permissions',
    })
  }
}

async function isFolder(place: string): Promise<boolean> {
  try {
    if ((await stat(place)).isDirectory()) return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false
    throw error
  }
  throw Object.assign(new Error(`${place} is a file, not a folder`), { code: 'ENOTDIR' })
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

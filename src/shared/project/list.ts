import { readdir } from 'node:fs/promises'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure } from './disk-failure.js'
import { isId } from './ids.js'

/** Ids of the files (or, for no extension, folders) `<id><extension>` in a folder, sorted; empty where the folder does not exist. */
export async function idsIn(folder: string, extension: string): Promise<Result<string[]>> {
  try {
    const names = await readdir(folder)
    const ids = names
      .filter((name) => name.endsWith(extension))
      .map((name) => name.slice(0, name.length - extension.length))
    return done(ids.filter(isId).sort())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return done([])
    return failed(diskFailure(error, folder))
  }
}

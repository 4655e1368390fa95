import { constants } from 'node:fs'
import { copyFile, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { done, type Result } from '../../nouns/index.js'
import { makeModel } from './model-files.js'

/**
 * The base's own files as a run's model: what training for no steps gives. Copies, which
 * share blocks where the disk can: a change to one is none to the other. Links are followed, as in the hub's own cache.
 */
export const copyBase = (base: string, model: string): Promise<Result<void>> =>
  makeModel(model, async (making) => {
    for (const name of await readdir(base)) {
      const from = path.join(base, name)
      if ((await stat(from)).isFile()) await copyFile(from, path.join(making, name), constants.COPYFILE_FICLONE)
    }
    return done(undefined)
  })

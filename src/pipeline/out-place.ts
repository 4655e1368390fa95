import { stat } from 'node:fs/promises'
import { done, failed, type Failure, type Result } from '../nouns/index.js'
import { diskFailure } from '../shared/project/index.js'

/** Says of a file that is there whether an output may take its place. */
export type MayReplace = (file: string) => boolean | Promise<boolean>

/** `--force`: any file. */
export const anyFile: MayReplace = () => true

/** Without `--force`, where nothing tells limi's own files from others. */
export const noFile: MayReplace = () => false

/**
 * Whether an output that a person placed may go there: where nothing is, or a file that may be replaced.
 * Failures: `export.occupied`, `export.no-file` for a folder, a device or a pipe.
 */
export async function checkPlace(file: string, mayReplace: MayReplace): Promise<Result<void>> {
  try {
    if (!(await stat(file)).isFile()) return failed(notAFile(file))
  } catch (error) {
    const failure = diskFailure(error, file)
    // A file above it in the path is told where its folder is made.
    return ['file.absent', 'disk.not-a-folder'].includes(failure.code) ? done(undefined) : failed(failure)
  }
  return (await mayReplace(file)) ? done(undefined) : failed(occupied(file))
}

const occupied = (file: string): Failure => ({
  kind: 'input',
  code: 'export.occupied',
  message: 'there is a file of this name already, and nothing says that limi may replace it',
  where: file,
  remedy: 'name another place, or replace the file with --force',
})

const notAFile = (file: string): Failure => ({
  kind: 'input',
  code: 'export.no-file',
  message: 'what is there already is no file',
  where: file,
  remedy: 'name a file',
})

import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type OwnTask, type Result } from '../../../../nouns/index.js'
import { diskFailure, readTextFolder } from '../../../../shared/project/index.js'

/** What a task starts with: its texts, or those of a folder inside the benchmark's own, to which no link may lead. */
export async function filesBeside(
  folder: string,
  named: OwnTask['files'],
  file: string,
): Promise<Result<Readonly<Record<string, string>>>> {
  if (typeof named !== 'string') return done(named)
  const place = path.resolve(folder, named)
  const inside = path.relative(folder, place)
  const leaves = inside === '' || inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)
  if (leaves) return failed(invalid(`files: ${named} is not a folder inside the benchmark's own`, file))
  try {
    if ((await realpath(place)) !== path.join(await realpath(folder), inside))
      return failed(invalid(`files: ${named} is reached through a link`, file))
  } catch (error) {
    return failed(diskFailure(error, place))
  }
  return readTextFolder(place, (message, where) => failed(invalid(message, where)))
}

const invalid = (message: string, where: string): Failure => ({
  kind: 'input',
  code: 'benchmark.invalid',
  message,
  where,
  remedy: 'start files are small texts in a folder beside the task',
})

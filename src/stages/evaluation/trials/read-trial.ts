import { z } from 'zod'
import { failed, TrialFileOnDisk, type Failure, type Result, type TrialFile } from '../../../nouns/index.js'
import { readJsonSync } from '../../../shared/project/index.js'

/**
 * A trial's file with figures that can be: `file.invalid` with the field where it is cut, damaged or holds what nothing measures,
 * `trial.later` where this limi is too old for it.
 *
 * @param rounds R: the most that a subtask can have.
 */
export function readTrialFile(file: string, rounds: number): Result<TrialFile> {
  const read = readJsonSync(file, TrialFileOnDisk)
  if (!read.ok) return failed(laterFormat(file) ?? read.failure)
  const impossible = read.value.subtasks.flatMap(({ rounds: played, cause }, at) => {
    if (played.length > rounds) return [`subtasks.${at}.rounds: ${played.length} rounds, of ${rounds}`]
    return played.length === 0 && cause === null ? [`subtasks.${at}.rounds: no round, and no cause`] : []
  })
  const [message] = impossible
  return message === undefined ? read : failed({ kind: 'input', code: 'file.invalid', message, where: file })
}

const OURS = 2

function laterFormat(file: string): Failure | null {
  const read = readJsonSync(file, z.looseObject({ format: z.string() }))
  const version = read.ok ? /^limi\.trial\/(\d{1,9})$/.exec(read.value.format)?.[1] : undefined
  if (version === undefined || Number(version) <= OURS) return null
  return {
    kind: 'input',
    code: LATER,
    message: `written by a later limi (its format is limi.trial/${version})`,
    where: file,
    remedy: 'install the limi that wrote it, or delete this file to have the trial made again',
  }
}

const LATER = 'trial.later'

/** What is not damaged, and so is never made again by itself. */
export const isLater = ({ code }: Failure): boolean => code === LATER

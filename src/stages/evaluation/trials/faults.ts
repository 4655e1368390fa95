import { appendFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import { FailureError, type Cause, type Failure } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'

/** One fault outside agent and task. */
export interface Fault {
  readonly task: string
  /** 1-based. */
  readonly subtask: number
  readonly trial: number
  readonly attempt: number
  readonly cause: Cause
  readonly failure: Failure | null
}

/** Where a fault came without a reason. */
export const UNEXPLAINED: Failure = { kind: 'underway', code: 'trial.fault', message: 'no reason was given' }

const fileOf = (evaluation: string): string => path.join(evaluation, 'faults.jsonl')

/** Writes a fault down: evidence of what was retried, and not counted. */
export async function recordFault(evaluation: string, fault: Fault): Promise<void> {
  try {
    await appendFile(fileOf(evaluation), `${JSON.stringify({ time: new Date().toISOString(), ...fault })}\n`)
  } catch (error) {
    throw new FailureError(diskFailure(error, fileOf(evaluation)), { cause: error })
  }
}

/** How many faults an evaluation met, over all its runs; a line that a crash cut is not one. */
export async function countFaults(evaluation: string): Promise<number> {
  try {
    return (await readFile(fileOf(evaluation), 'utf8')).split('\n').length - 1
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw new FailureError(diskFailure(error, fileOf(evaluation)), { cause: error })
  }
}

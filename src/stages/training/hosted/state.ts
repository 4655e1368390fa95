import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import { done, failed, type Result } from '../../../nouns/index.js'
import { readJson, writeJson } from '../../../shared/project/index.js'
import { elsewhere } from './failures.js'

export const layoutOf = (folder: string) => ({
  train: path.join(folder, 'hosted', 'train.jsonl'),
  heldOut: path.join(folder, 'hosted', 'held-out.jsonl'),
  /** The body of the request that begins the job; the files' ids are put in when they are known. */
  request: path.join(folder, 'hosted', 'request.json'),
  state: path.join(folder, 'hosted', 'job.json'),
})

/** What the service has of this run, written down as soon as it is known. */
const HostedState = z.object({
  format: z.literal('limi.hosted/1'),
  baseUrl: z.string(),
  model: z.string(),
  /** Sent with the job, so that it is known again where the answer to its creation was lost. */
  key: z.string(),
  trainingFile: z.string().optional(),
  validationFile: z.string().optional(),
  /** When the job was last asked for without an answer; it may have been begun. */
  asked: z.iso.datetime().optional(),
  job: z.string().optional(),
})
export type HostedState = z.infer<typeof HostedState>

export interface Place {
  readonly baseUrl: string
  readonly model: string
}

/** The state of a run, or that of one which has nothing at the service yet. Failure: `hosted.elsewhere`. */
export async function readState(folder: string, { baseUrl, model }: Place): Promise<Result<HostedState>> {
  const read = await readJson(layoutOf(folder).state, HostedState)
  if (read.ok) {
    const isThere = read.value.baseUrl === baseUrl && read.value.model === model
    return isThere ? read : failed(elsewhere(layoutOf(folder).state, `${read.value.baseUrl} with ${read.value.model}`))
  }
  // Only a run without the file has nothing there: one that cannot be read may stand for a job that is paid for.
  if (read.failure.code !== 'file.absent') return read
  return done({ format: 'limi.hosted/1', baseUrl, model, key: randomUUID() })
}

export async function writeState(folder: string, state: HostedState): Promise<Result<HostedState>> {
  const written = await writeJson(layoutOf(folder).state, state)
  return written.ok ? done(state) : written
}

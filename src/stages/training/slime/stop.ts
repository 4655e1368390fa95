import { existsSync } from 'node:fs'
import path from 'node:path'
import { done, type Result } from '../../../nouns/index.js'
import { layoutOf } from './files/index.js'
import { openJobs, recordJob } from './jobs.js'
import type { Settings } from './options.js'
import { rayClient } from './ray/index.js'

/** Stops the job of a run that no limi follows; false where none is at work. Its last checkpoint is kept. */
export async function stopSlime(folder: string, settings: Settings): Promise<Result<boolean>> {
  const { jobs: file } = layoutOf(folder)
  if (!existsSync(file)) return done(false)
  const jobs = await openJobs(file, path.basename(folder))
  if (!jobs.ok) return jobs
  const last = jobs.value.jobs.findLast(({ status }) => status === undefined)
  if (last === undefined) return done(false)
  const client = rayClient(settings.address ?? last.address, settings.headers)
  if (!client.ok) return client
  const info = await client.value.info(last.id)
  if (!info.ok) return info
  if (info.value?.status !== 'PENDING' && info.value?.status !== 'RUNNING') return done(false)
  const stopped = await client.value.stop(last.id)
  if (!stopped.ok) return stopped
  const recorded = await recordJob(file, jobs.value, { ...last, status: 'STOPPED' })
  return recorded.ok ? done(true) : recorded
}

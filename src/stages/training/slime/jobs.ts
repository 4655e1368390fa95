import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { done, type Result } from '../../../nouns/index.js'
import { readJson, writeJson } from '../../../shared/project/index.js'

const JobRecord = z.object({
  /** Ray's submission id, chosen here and written down before it is submitted. */
  id: z.string(),
  kind: z.enum(['train', 'convert']),
  address: z.string(),
  /** Once it has ended. */
  status: z.enum(['STOPPED', 'SUCCEEDED', 'FAILED', 'LOST']).optional(),
  seconds: z.number().optional(),
})
export type JobRecord = z.infer<typeof JobRecord>
export type JobKind = JobRecord['kind']

const JobsFile = z.object({
  format: z.literal('limi.slime-jobs/1'),
  /** The run's folder on shared storage: a name of its own, so that no run ever goes on from another's checkpoint. */
  output: z.string(),
  jobs: z.array(JobRecord),
})
export type JobsFile = z.infer<typeof JobsFile>

/** `slime-jobs.json`: which jobs were submitted for a run, in their order. Made where it is not there. */
export async function openJobs(file: string, run: string): Promise<Result<JobsFile>> {
  if (existsSync(file)) return readJson(file, JobsFile)
  const fresh: JobsFile = {
    format: 'limi.slime-jobs/1',
    output: `${nameOf(run)}-${randomBytes(4).toString('hex')}`,
    jobs: [],
  }
  const written = await writeJson(file, fresh)
  return written.ok ? done(fresh) : written
}

/** Adds a job, or what became of it. */
export function recordJob(file: string, before: JobsFile, job: JobRecord): Promise<Result<void>> {
  const jobs = [...before.jobs.filter(({ id }) => id !== job.id), job]
  return writeJson(file, { ...before, jobs })
}

const nameOf = (run: string): string => run.replaceAll(/[^\w.-]+/g, '-').slice(0, 60)

/** Readable in Ray's dashboard, and unlike any other. */
export const newJob = (run: string, kind: JobKind, address: string): JobRecord => ({
  id: `limi-${nameOf(run)}-${kind}-${randomBytes(4).toString('hex')}`,
  kind,
  address,
})

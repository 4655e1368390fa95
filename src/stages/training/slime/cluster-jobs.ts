import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import type { BoundedLog } from '../../../shared/python/index.js'
import type { TrainingOptions } from '../engine.js'
import { stepsOfJob } from '../steps.js'
import { jobFailed } from './failures.js'
import { FILES, layoutOf, runtimeEnvironment, type Launch } from './files/index.js'
import { followJob, Tracker } from './follow/index.js'
import { newJob, openJobs, recordJob, type JobKind, type JobRecord } from './jobs.js'
import { tokensAfterSteps } from './plan.js'
import { readProgress } from './progress.js'
import { packFiles, type JobInfo, type RayClient } from './ray/index.js'

/** What every part of a run needs. */
export interface Run extends TrainingOptions {
  readonly launch: Launch
  readonly client: RayClient
  readonly log: BoundedLog
}

/** Follows the job of this kind that is there, or submits one: none twice, and none again that succeeded. */
export async function ensureJob(run: Run, kind: JobKind): Promise<Result<void>> {
  const { job } = run.launch
  const jobs = await openJobs(layoutOf(job.folder).jobs, job.run)
  if (!jobs.ok) return jobs
  const last = jobs.value.jobs.findLast((each) => each.kind === kind)
  if (last?.status === 'SUCCEEDED') return done(undefined)
  if (last !== undefined && last.status === undefined) {
    const info = await run.client.info(last.id)
    if (!info.ok) return info
    if (info.value !== null) return follow(run, last)
    run.onEvent({ type: 'note', text: `the cluster does not know the job ${last.id}: it is submitted anew` })
    const lost = await recordJob(layoutOf(job.folder).jobs, jobs.value, { ...last, status: 'LOST' })
    if (!lost.ok) return lost
  }
  return submit(run, kind)
}

const ENTRY = { train: FILES.launch, convert: FILES.toHuggingFace }

async function submit(run: Run, kind: JobKind): Promise<Result<void>> {
  const { client, launch } = run
  const { job } = launch
  const { work, jobs: file } = layoutOf(job.folder)
  const packed = await packFolder(work)
  if (!packed.ok) return packed
  const uri = await client.upload(packed.value.name, packed.value.bytes)
  if (!uri.ok) return uri
  const jobs = await openJobs(file, job.run)
  if (!jobs.ok) return jobs
  const record = newJob(job.run, kind, client.address)
  const recorded = await recordJob(file, jobs.value, record)
  if (!recorded.ok) return recorded
  const submitted = await client.submit({
    id: record.id,
    entrypoint: `bash ${ENTRY[kind]}`,
    runtimeEnvironment: { ...runtimeEnvironment(launch), working_dir: uri.value },
    metadata: { limi_run: job.run, limi_kind: kind },
  })
  if (!submitted.ok) return submitted
  run.onEvent({ type: 'note', text: `submitted as the Ray job ${record.id} to ${client.address}` })
  return follow(run, record)
}

async function packFolder(work: string): Promise<Result<ReturnType<typeof packFiles>>> {
  try {
    const names = Object.values(FILES)
    const files = names.map(async (name) => ({ name, content: await readFile(path.join(work, name)) }))
    return done(packFiles(await Promise.all(files)))
  } catch (error) {
    return failed(diskFailure(error, work))
  }
}

async function follow(run: Run, record: JobRecord): Promise<Result<void>> {
  const { launch, client, log, onEvent, signal } = run
  const tracker = trackerOf(run, record)
  const ended = await followJob({
    client,
    id: record.id,
    settings: launch.settings,
    log,
    onRunning: (startedAt) => {
      if (record.kind === 'train') tracker.begin(startedAt)
    },
    onLine: (line) => tracker.take(line),
    onEvent,
    signal,
  })
  const kept = await keep(run, record, ended)
  if (!kept.ok) return kept
  if (!ended.ok) return ended
  if (ended.value.status === 'SUCCEEDED') return done(undefined)
  const { id, kind } = record
  return failed(jobFailed({ id, kind, info: ended.value, tail: log.tail(15), log: log.file }))
}

/** Writes down how the job ended, where that is known. */
async function keep(run: Run, record: JobRecord, ended: Result<JobInfo>): Promise<Result<void>> {
  const { job } = run.launch
  const { jobs: file } = layoutOf(job.folder)
  const jobs = await openJobs(file, job.run)
  if (!jobs.ok) return jobs
  if (!ended.ok) {
    const { code } = ended.failure
    // A job that the cluster may still run is followed again by the next limi.
    if (code.startsWith('cluster.')) return done(undefined)
    return recordJob(file, jobs.value, { ...record, status: code === 'training.job-lost' ? 'LOST' : 'STOPPED' })
  }
  const { status, start_time: start, end_time: end } = ended.value
  if (status === 'PENDING' || status === 'RUNNING') return done(undefined)
  const seconds = typeof start === 'number' && typeof end === 'number' ? { seconds: (end - start) / 1000 } : {}
  return recordJob(file, jobs.value, { ...record, status, ...seconds })
}

function trackerOf({ launch, log, onEvent }: Run, { id }: JobRecord): Tracker {
  const { job } = launch
  const { progress } = layoutOf(job.folder)
  return new Tracker({
    job: id,
    steps: stepsOfJob(job),
    tokensAfter: tokensAfterSteps(job),
    firstRate: job.recipe.warmup > 0 ? 0 : job.recipe.learningRate,
    progress,
    log: log.file,
    told: readProgress(progress),
    onEvent,
  })
}

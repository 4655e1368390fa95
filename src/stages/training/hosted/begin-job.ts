import { readFile } from 'node:fs/promises'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import type { TrainingJob } from '../engine.js'
import type { Api, Job } from './api.js'
import { neverSaid, stopped } from './failures.js'
import { pause, pauseOf, type Patience } from './patience.js'
import { requestOf } from './request.js'
import { layoutOf, writeState, type HostedState } from './state.js'

export interface Beginning {
  readonly job: TrainingJob
  readonly api: Api
  readonly patience: Patience
  /** How long after a lost answer a job that was begun after all may take to show in the list. */
  readonly settleMs: number
  readonly learningRateMultiplier?: number
  readonly signal?: AbortSignal
  readonly note: (text: string) => void
}

/** The id of the run's one job: the one that is written down, one that is found at the service, or a new one. */
export async function oneJob(beginning: Beginning, before: HostedState): Promise<Result<string>> {
  if (before.job !== undefined) return done(before.job)
  const uploaded = await uploadFiles(beginning, before)
  if (!uploaded.ok) return uploaded
  const found = await foundAgain(beginning, uploaded.value)
  if (!found.ok) return found
  const job = found.value === null ? await create(beginning, uploaded.value) : done(found.value)
  if (!job.ok) return job
  const written = await writeState(beginning.job.folder, { ...uploaded.value, asked: undefined, job: job.value.id })
  return written.ok ? done(job.value.id) : written
}

async function uploadFiles(beginning: Beginning, before: HostedState): Promise<Result<HostedState>> {
  const { job } = beginning
  const layout = layoutOf(job.folder)
  let state = before
  for (const [role, file, isThere] of [
    ['trainingFile', layout.train, true],
    ['validationFile', layout.heldOut, job.heldOut !== undefined],
  ] as const) {
    if (!isThere || state[role] !== undefined) continue
    const id = await uploadFile(beginning, file, `limi-${job.run}-${role}.jsonl`)
    if (!id.ok) return id
    const written = await writeState(job.folder, { ...state, [role]: id.value })
    if (!written.ok) return written
    state = written.value
  }
  return done(state)
}

async function uploadFile({ api, note }: Beginning, file: string, name: string): Promise<Result<string>> {
  try {
    const content = await readFile(file, 'utf8')
    return await api.upload(name, content, (why) => note(`${name} may lie at the service twice: ${why}`))
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

/** A job that was asked for before, where the answer was lost or never waited for. */
async function foundAgain(beginning: Beginning, state: HostedState): Promise<Result<Job | null>> {
  if (state.asked === undefined) return done(null)
  return lookFor(beginning, state, Date.parse(state.asked) + beginning.settleMs)
}

/** Looks in the list of jobs at once, and again until the time is over. */
async function lookFor(beginning: Beginning, state: HostedState, until: number): Promise<Result<Job | null>> {
  const { api, patience, signal, note } = beginning
  for (let count = 0; ; count += 1) {
    const isLast = Date.now() >= until
    const jobs = await api.jobs()
    if (!jobs.ok) return jobs
    const ours = jobs.value.filter((one) => isOurs(one, state))
    if (ours.length > 1) note(`the service has ${ours.length} jobs of this run: ${ours.map(({ id }) => id).join(', ')}`)
    const [found] = ours
    if (found !== undefined) return done(found)
    if (isLast) return done(null)
    const ms = Math.min(pauseOf(patience, count, null), Math.max(1, until - Date.now()))
    if (!(await pause(ms, signal))) return failed(stopped)
  }
}

/** The file was uploaded for this run alone. */
const isOurs = ({ training_file: file, metadata }: Job, { key, trainingFile }: HostedState): boolean =>
  file === trainingFile || metadata?.['limi_key'] === key

/** Begins a job, and never a second where the first might have been begun. */
async function create(beginning: Beginning, before: HostedState): Promise<Result<Job>> {
  const { job, api, patience, settleMs, signal } = beginning
  const body = JSON.stringify(requestOf(job, before, beginning.learningRateMultiplier))
  let failure: Failure = stopped
  for (let count = 1; count <= patience.attempts; count += 1) {
    const asked = { ...before, asked: new Date().toISOString() }
    const written = await writeState(job.folder, asked)
    if (!written.ok) return written
    const outcome = await api.create(body)
    if (outcome.kind === 'answer') return done(outcome.value)
    failure = outcome.failure
    if (outcome.kind === 'stopped') break
    if (outcome.kind === 'lost') {
      const found = await lookFor(beginning, asked, Date.now() + settleMs)
      if (!found.ok) return failed(neverSaid(found.failure, settleMs))
      if (found.value !== null) return done(found.value)
      failure = neverSaid(outcome.failure, settleMs)
      continue
    }
    const cleared = await writeState(job.folder, before)
    if (!cleared.ok) return cleared
    if (outcome.kind === 'refused') break
    if (!(await pause(pauseOf(patience, count - 1, outcome.waitMs), signal))) return failed(stopped)
  }
  return failed(failure)
}

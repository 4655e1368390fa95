import { setTimeout as wait } from 'node:timers/promises'
import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'
import { interrupted, type BoundedLog } from '../../../../shared/python/index.js'
import type { TrainingEvent } from '../../engine.js'
import { jobLost, stalled } from '../failures.js'
import type { Settings } from '../options.js'
import type { JobInfo, RayClient } from '../ray/index.js'

export interface Watch {
  readonly client: RayClient
  readonly id: string
  readonly settings: Settings
  readonly log: BoundedLog
  /** Called once the job runs. */
  readonly onRunning: (startedAt: number) => void
  /** Gives a failure where a line shows that the job is beyond hope; it is stopped then. */
  readonly onLine: (line: string) => Failure | null
  readonly onEvent: (event: TrainingEvent) => void
  readonly signal?: AbortSignal | undefined
}

interface State {
  next: number
  isRunning: boolean
  /** When the log last grew, or the job began to run. */
  heardAt: number
  isWarned: boolean
  awaySince: number | null
}

const MINUTE = 60_000

/**
 * Watches a job to its end and gives how it ended. Failures: `training.job-lost`, `training.stalled`, `training.not-finite`,
 * `cluster.*` where it stays out of reach (the job goes on), `interrupted` (the job was stopped).
 */
export async function followJob(watch: Watch): Promise<Result<JobInfo>> {
  const state: State = { next: 0, isRunning: false, heardAt: Date.now(), isWarned: false, awaySince: null }
  for (;;) {
    if (watch.signal?.aborted === true) return stopOnDemand(watch)
    const looked = await look(watch, state)
    if (!looked.ok && !isAway(looked.failure, watch, state)) return looked
    if (looked.ok) {
      state.awaySince = null
      if (hasEnded(looked.value)) return looked
      const hung = checkStall(watch, state)
      if (hung !== null) return stopFor(watch, hung)
    }
    await wait(watch.settings.pollMs, undefined, { signal: watch.signal }).catch(() => undefined)
  }
}

const hasEnded = ({ status }: JobInfo): boolean => status !== 'PENDING' && status !== 'RUNNING'

/** Asks how the job is, then reads its log: after the end is known, the log is whole. */
async function look(watch: Watch, state: State): Promise<Result<JobInfo>> {
  const { client, id } = watch
  const info = await client.info(id)
  if (!info.ok) return info
  if (info.value === null) return failed(jobLost(id, client.address))
  if (!state.isRunning && info.value.status !== 'PENDING') {
    state.isRunning = true
    state.heardAt = Date.now()
    watch.onRunning(info.value.start_time ?? Date.now())
  }
  const read = await readNew(watch, state, hasEnded(info.value))
  return read.ok ? done(info.value) : read
}

async function readNew(watch: Watch, state: State, isLast: boolean): Promise<Result<void>> {
  for (;;) {
    const part = await watch.client.logs(watch.id, state.next, isLast)
    if (!part.ok) return part
    if (part.value.next === state.next) return done(undefined)
    state.next = part.value.next
    state.heardAt = Date.now()
    state.isWarned = false
    for (const line of part.value.lines) {
      watch.log.write(`${line}\n`)
      const hopeless = watch.onLine(line)
      if (hopeless !== null) return stopFor(watch, hopeless)
    }
  }
}

/** Whether to go on waiting for a cluster that is out of reach. */
function isAway(failure: Failure, { settings, onEvent }: Watch, state: State): boolean {
  if (failure.code !== 'cluster.unreachable' && failure.code !== 'cluster.answered-badly') return false
  if (state.awaySince === null) {
    state.awaySince = Date.now()
    onEvent({ type: 'note', text: `${failure.message}; asking again for ${minutes(settings.patienceMs)} minutes` })
  }
  return Date.now() - state.awaySince < settings.patienceMs
}

function checkStall({ id, settings, onEvent, log }: Watch, state: State): Failure | null {
  if (!state.isRunning) return null
  const quiet = Date.now() - state.heardAt
  if (quiet > settings.stallMs) return stalled(id, minutes(quiet), log.file)
  if (quiet > settings.stallMs / 4 && !state.isWarned) {
    state.isWarned = true
    const text = `the job ${id} has printed nothing for ${minutes(quiet)} minutes; after ${minutes(settings.stallMs)} it is stopped`
    onEvent({ type: 'warning', code: 'stalled', text })
  }
  return null
}

const minutes = (ms: number): number => Math.round((ms / MINUTE) * 10) / 10

/** Where the stop does not reach the cluster, the job is still to be followed: the failure is the cluster's then. */
async function stopFor({ client, id }: Watch, why: Failure): Promise<Result<never>> {
  const stopped = await client.stop(id)
  if (stopped.ok) return failed(why)
  const { failure } = stopped
  return failed({ ...failure, message: `${why.message}; it could not be stopped: ${failure.message}` })
}

/** How long an asked-for stop may take to be seen; Ray kills the job by itself a few seconds after asking. */
const STOP_MS = 30_000

async function stopOnDemand({ client, id, settings }: Watch): Promise<Result<never>> {
  const stopped = await client.stop(id)
  if (!stopped.ok)
    return failed({ ...stopped.failure, message: `the job ${id} was not stopped: ${stopped.failure.message}` })
  const until = Date.now() + STOP_MS
  while (Date.now() < until) {
    const info = await client.info(id)
    if (info.ok && (info.value === null || hasEnded(info.value))) break
    await wait(Math.min(settings.pollMs, 1_000))
  }
  return failed(interrupted(`the Ray job ${id} was stopped; its last checkpoint is kept`))
}

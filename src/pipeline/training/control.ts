import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { placeOf, readHolder } from '../../shared/project/index.js'
import { readBegun, statusOfRun, statusOfRuns, type RunStatus, type Worker } from '../../stages/training/index.js'
import type { Run } from '../run.js'
import { namedEngine } from './training.js'

/** `limi train status RUN`. */
export async function trainingStatus(run: Run, name: string): Promise<Result<RunStatus>> {
  const folder = placeOf(run.project.paths.training, name)
  if (!folder.ok) return folder
  const worker = await workerOf(run)
  return worker.ok ? statusOfRun(folder.value, worker.value) : worker
}

/** `limi train status`: every run. */
export async function trainingStatuses(run: Run): Promise<Result<readonly RunStatus[]>> {
  const worker = await workerOf(run)
  return worker.ok ? statusOfRuns(run.project.paths.training, worker.value) : worker
}

/** Who writes in this project; null where nobody does. */
async function workerOf(run: Run): Promise<Result<Worker | null>> {
  const holder = await readHolder(run.project.paths.lock)
  if (!holder.ok) return holder
  return done(holder.value.dead ? null : holder.value.owner)
}

export interface Stopped {
  readonly status: RunStatus
  /** What became of it, in a line. */
  readonly text: string
}

const LOOK_MS = 100

/**
 * `limi train stop`: asks the process that trains to save and end, and waits until it has; then an engine whose work may go on elsewhere,
 * as a job on a cluster does, to end that.
 * Failures: `training.absent`, `training.not-running`, `training.elsewhere`, `interrupted` where the waiting itself is stopped.
 */
export async function stopTraining(run: Run, name: string): Promise<Result<Stopped>> {
  const before = await trainingStatus(run, name)
  if (!before.ok) return before
  const { worker, state } = before.value
  if (state === 'finished') return failed(notRunning(before.value))
  const gone = worker === null ? done(undefined) : await endWorker(run, name, worker)
  if (!gone.ok) return gone
  const after = await trainingStatus(run, name)
  if (!after.ok) return after
  const ended = after.value.state === 'finished' ? done(false) : await endElsewhere(run, after.value)
  if (!ended.ok) return ended
  if (ended.value) run.say(`  ${name}: ${after.value.engine} has ended its job`)
  if (worker === null && !ended.value) return failed(notRunning(after.value))
  return done({ status: after.value, text: afterwards(after.value) })
}

async function endWorker(run: Run, name: string, worker: Worker): Promise<Result<void>> {
  if (worker.host !== os.hostname()) return failed(onAnotherHost(name, worker))
  const asked = ask(worker.pid)
  if (!asked.ok) return asked
  run.say(`  ${name}: asked process ${worker.pid} to save and stop`)
  return untilGone(run, name, worker.pid)
}

/** Until the process has given up the project's lock, so that what comes next can take it. */
async function untilGone(run: Run, name: string, pid: number): Promise<Result<void>> {
  for (;;) {
    const worker = await workerOf(run)
    if (!worker.ok) return worker
    if (worker.value?.pid !== pid) return done(undefined)
    if (run.signal?.aborted === true) return failed(stillStopping(name))
    await sleep(LOOK_MS)
  }
}

/** As Ctrl-C does; one that has ended meanwhile needs no asking. */
function ask(pid: number): Result<void> {
  try {
    process.kill(pid, 'SIGINT')
    return done(undefined)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ESRCH') return done(undefined)
    const remedy = 'stop it as the user who started it'
    return failed({ kind: 'input', code: 'training.not-yours', message, where: `process ${pid}`, remedy })
  }
}

function afterwards({ run, state, step, saved }: RunStatus): string {
  if (state === 'finished') return `${run} finished before it could stop`
  return `${run} has stopped at step ${step}, ${saved === 0 ? 'with nothing saved yet' : `saved at step ${saved}`}; \`limi train resume ${run}\` goes on`
}

/** Whether the engine had work elsewhere, which is ended. */
async function endElsewhere(run: Run, status: RunStatus): Promise<Result<boolean>> {
  const folder = placeOf(run.project.paths.training, status.run)
  if (!folder.ok) return folder
  const begun = await readBegun(folder.value)
  if (!begun.ok) return begun
  const engine = await namedEngine(run, status.engine, begun.value.setting)
  if (!engine.ok) return engine
  return (await engine.value.stop?.(folder.value)) ?? done(false)
}

const notRunning = ({ run, state }: RunStatus): Failure => ({
  kind: 'input',
  code: 'training.not-running',
  message: `nothing is at work on ${run}: it is ${state}`,
  remedy: state === 'finished' ? `use it as checkpoint:${run}` : `\`limi train resume ${run}\` goes on with it`,
})

const onAnotherHost = (run: string, { host, pid }: Worker): Failure => ({
  kind: 'input',
  code: 'training.elsewhere',
  message: `${run} is trained by process ${pid} on ${host}`,
  remedy: `run \`limi train stop ${run}\` there`,
})

const stillStopping = (run: string): Failure => ({
  kind: 'interrupted',
  code: 'interrupted',
  message: `${run} was asked to stop and is still saving`,
  remedy: `\`limi train status ${run}\` says when it has`,
})

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { done, failed, type LossPoint, type Result } from '../../../nouns/index.js'
import { BoundedLog, offlineVariables, supervise, type PythonEnvironment } from '../../../shared/python/index.js'
import type { TrainingJob, TrainingOptions } from '../engine.js'
import { stepsOfJob } from '../steps.js'
import { needsScript } from './config.js'
import type { SftEvent } from './events.js'
import { failureOf } from './failures.js'
import { Follower, hardwareHere } from './follower.js'
import { layoutOf, SCRIPT } from './layout.js'
import { ProgressLog, readProgress } from './progress.js'
import { historyOf, lastCheckpoint, type History, type Resumable } from './resume.js'
import { STALL_MS, Watchdog } from './watchdog.js'

export const helperAt = (name: string): string =>
  path.join(path.dirname(fileURLToPath(import.meta.url)), 'python', name)

export interface Runtime {
  readonly environment: Pick<PythonEnvironment, 'python' | 'versions'>
  readonly cacheRoot: string
  /** How long a stop may take to save before the process is killed. */
  readonly patienceMs?: number
  /** How long the engine may say nothing, at the least; see {@link Watchdog}. */
  readonly stallMs?: number
}

export interface Trained {
  readonly steps: number
  readonly tokens: number
  readonly loss: readonly LossPoint[]
  readonly heldOutLoss?: readonly LossPoint[]
  readonly hardware: Readonly<Record<string, unknown>>
}

/** Runs TRL on `run.yaml` to its end, resuming where a complete checkpoint is. */
export async function runSft(job: TrainingJob, runtime: Runtime, options: TrainingOptions): Promise<Result<Trained>> {
  const layout = layoutOf(job.folder)
  await mkdir(layout.output, { recursive: true })
  const resumed = await lastCheckpoint(layout.output)
  const history = resumed === null ? done(NOTHING) : await historyOf(resumed)
  if (!history.ok) return history
  // TRL resumed from its last step would train one step more.
  if (resumed !== null && isFinished(resumed, job)) return takeUp(job, resumed, history.value, options)
  const follower = new Follower(job, new ProgressLog(layout.progress), options.onEvent, history.value)
  return attempt(job, runtime, options, follower, resumed)
}

const NOTHING: History = { loss: [], heldOut: [], tokens: 0 }

export const isFinished = ({ step, stoppedEarly }: Resumable, job: TrainingJob): boolean =>
  step === stepsOfJob(job) || stoppedEarly !== null

async function attempt(
  job: TrainingJob,
  runtime: Runtime,
  { onEvent, signal }: TrainingOptions,
  follower: Follower,
  resumed: Resumable | null,
): Promise<Result<Trained>> {
  const layout = layoutOf(job.folder)
  const log = new BoundedLog(layout.log)
  let stalledMs: number | null = null
  const watchdog = new Watchdog(runtime.stallMs ?? STALL_MS, (silentMs) => {
    stalledMs = silentMs
    const text = `nothing was heard of training for ${String(Math.round(silentMs / 1000))} s, so it is ended`
    onEvent({ type: 'warning', code: 'stalled', text })
    child.send('SIGKILL')
  })
  const child = supervise({
    python: runtime.environment.python,
    run: helperAt('run_sft.py'),
    args: ['--events-fd', '3', ...scriptArguments(job), '--config', 'run.yaml', ...resumeArguments(resumed)],
    cwd: layout.work,
    env: { ...offlineVariables(runtime.cacheRoot) },
    log,
    onLine: (line) => {
      if (follower.follow(line)?.event === 'step') watchdog.stepDone()
      else watchdog.heard()
    },
  })
  const stop = (): void => child.send('SIGINT')
  const force = onceAborted(signal, stop, () => child.send('SIGKILL'), runtime.patienceMs ?? 120_000)
  const ended = await child.ended
  force.cancel()
  watchdog.end()
  const { last, peakBytes } = follower
  if (ended.code === 0 && last?.event === 'end') return done(trainedFrom(last, follower, job))
  const wasAborted = signal?.aborted === true
  const { recipe } = job
  return failed(
    failureOf({ ended, last, wasAborted, stalledMs, peakBytes, recipe, tail: log.tail(15), log: layout.log }),
  )
}

/** A run that was ended between its last step and its manifest: trained already. */
function takeUp(job: TrainingJob, finished: Resumable, history: History, options: TrainingOptions): Result<Trained> {
  options.onEvent({ type: 'started', steps: finished.step, from: finished.step })
  const { progress } = layoutOf(job.folder)
  const started = readProgress(progress).findLast(({ event }) => event.event === 'start')?.event
  const hardware = hardwareHere(started?.event === 'start' ? started : null)
  const { loss, tokens, heldOut } = history
  return done({ steps: finished.step, tokens, loss, ...heldOutOf(job, heldOut), hardware })
}

const scriptArguments = (job: TrainingJob): readonly string[] => (needsScript(job) ? ['--script', SCRIPT] : [])

const resumeArguments = (resumed: Resumable | null): readonly string[] =>
  resumed === null ? [] : ['--resume_from_checkpoint', path.resolve(resumed.folder)]

/** On abort: asks once, then forces after a while, so that a hung save cannot hold the terminal. */
function onceAborted(signal: AbortSignal | undefined, ask: () => void, force: () => void, patienceMs: number) {
  let timer: NodeJS.Timeout | undefined
  const abort = (): void => {
    ask()
    timer = setTimeout(force, patienceMs)
  }
  if (signal?.aborted === true) abort()
  else signal?.addEventListener('abort', abort, { once: true })
  return {
    cancel: (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}

type End = Extract<SftEvent, { event: 'end' }>

function trainedFrom(end: End, follower: Follower, job: TrainingJob): Trained {
  const loss = end.curve.map((point) => ({
    step: point.step,
    loss: point.loss,
    ...(point.learning_rate === null ? {} : { learningRate: point.learning_rate }),
  }))
  const hardware = hardwareHere(follower.started)
  return { steps: end.steps, tokens: end.tokens, loss, ...heldOutOf(job, end.held_out ?? []), hardware }
}

const heldOutOf = (job: TrainingJob, heldOutLoss: readonly LossPoint[]): Pick<Trained, 'heldOutLoss'> =>
  job.heldOut === undefined ? {} : { heldOutLoss }

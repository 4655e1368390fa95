import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { done, failed, type LossPoint, type Result } from '../../../nouns/index.js'
import { makeFolder } from '../../../shared/project/index.js'
import { BoundedLog, offlineVariables, type PythonEnvironment } from '../../../shared/python/index.js'
import type { TrainingJob, TrainingOptions } from '../engine.js'
import {
  failureOf,
  historyOf,
  lastCheckpoint,
  startEngine,
  type History,
  type Resumable,
  type SaidEnd,
} from '../local/index.js'
import { stepsOfJob } from '../steps.js'
import { needsScript } from './config.js'
import type { SftEvent } from './events.js'
import { Follower, hardwareHere } from './follower.js'
import { layoutOf, SCRIPT } from './layout.js'
import { ProgressLog, readProgress } from './progress.js'

export const helperAt = (name: string): string =>
  path.join(path.dirname(fileURLToPath(import.meta.url)), 'python', name)

export interface Runtime {
  readonly environment: Pick<PythonEnvironment, 'python' | 'versions'>
  readonly cacheRoot: string
  /** How long a stop may take to save before the process is killed. */
  readonly patienceMs?: number
  /** How long the engine may say nothing, at the least. */
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
  const made = await makeFolder(layout.output)
  if (!made.ok) return made
  const resumed = await lastCheckpoint(layout.output)
  // TRL resumed from its last step would train one step more.
  if (resumed === null || !isFinished(resumed, job)) return attempt(job, runtime, options, resumed)
  const history = await historyOf(resumed)
  return history.ok ? takeUp(job, resumed, history.value, options) : history
}

export const isFinished = ({ step, stoppedEarly }: Resumable, job: TrainingJob): boolean =>
  step === stepsOfJob(job) || stoppedEarly !== null

async function attempt(
  job: TrainingJob,
  runtime: Runtime,
  options: TrainingOptions,
  resumed: Resumable | null,
): Promise<Result<Trained>> {
  const layout = layoutOf(job.folder)
  const log = new BoundedLog(layout.log)
  const follower = new Follower(job, new ProgressLog(layout.progress), options.onEvent)
  const start = {
    python: runtime.environment.python,
    run: helperAt('run_sft.py'),
    args: ['--events-fd', '3', ...scriptArguments(job), '--config', 'run.yaml', ...resumeArguments(resumed)],
    cwd: layout.work,
    env: offlineVariables(runtime.cacheRoot),
    log,
    onLine: (line: string) => engine.heard(follower.follow(line)?.event === 'step' ? 'step' : 'sign'),
    stallMs: runtime.stallMs,
    patienceMs: runtime.patienceMs ?? 120_000,
  }
  const engine = startEngine(start, options)
  const end = await engine.end
  const { last, peakBytes } = follower
  if (end.ended.code === 0 && last?.event === 'end') return done(trainedFrom(last, follower, job))
  const { recipe } = job
  return failed(
    failureOf({ ...end, said: saidBy(last), peakBytes, recipe, tail: log.tail(15), log: layout.log, mend: MEND }),
  )
}

const MEND = 'run `limi doctor`; deleting .limi/engines makes the Python environment anew'

function saidBy(last: SftEvent | null): SaidEnd | null {
  if (last?.event === 'interrupted') return { how: 'interrupted', step: last.step }
  if (last?.event !== 'failed') return null
  const { code, message, step } = last
  return code === 'not-finite' ? { how: 'not-finite', message, step } : { how: 'failed', message }
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

import { mkdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { done, failed, type LossPoint, type Result } from '../../../nouns/index.js'
import { BoundedLog, offlineVariables, supervise, type PythonEnvironment } from '../../../shared/python/index.js'
import { stepsOfJob } from '../steps.js'
import type { TrainingEvent, TrainingJob, TrainingOptions } from '../engine.js'
import { parseEvent, type SftEvent } from './events.js'
import { failureOf } from './failures.js'
import { layoutOf } from './layout.js'
import { ProgressLog, readProgress } from './progress.js'
import { historyOf, lastCheckpoint, type Resumable } from './resume.js'

export const helperAt = (name: string): string =>
  path.join(path.dirname(fileURLToPath(import.meta.url)), 'python', name)

export interface Runtime {
  readonly environment: Pick<PythonEnvironment, 'python' | 'versions'>
  readonly cacheRoot: string
  /** How long a stop may take to save before the process is killed. */
  readonly patienceMs?: number
}

export interface Trained {
  readonly tokens: number
  readonly loss: readonly LossPoint[]
  readonly hardware: Readonly<Record<string, unknown>>
}

/** Runs TRL's SFT script on `run.yaml` to its end, resuming where a complete checkpoint is. */
export async function runSft(job: TrainingJob, runtime: Runtime, options: TrainingOptions): Promise<Result<Trained>> {
  const layout = layoutOf(job.folder)
  await mkdir(layout.output, { recursive: true })
  const resumed = await lastCheckpoint(layout.output)
  // TRL resumed from its last step would train one step more.
  if (resumed !== null && resumed.step === stepsOfJob(job)) return takeUp(resumed, layout.progress, options)
  const log = new BoundedLog(layout.log)
  const follower = new Follower(new ProgressLog(layout.progress), options.onEvent)
  const child = supervise({
    python: runtime.environment.python,
    run: helperAt('run_sft.py'),
    args: ['--events-fd', '3', '--config', 'run.yaml', ...resumeArguments(resumed?.folder)],
    cwd: layout.work,
    env: { ...offlineVariables(runtime.cacheRoot) },
    log,
    onLine: (line) => follower.follow(line),
  })
  const stop = (): void => child.send('SIGINT')
  const force = onceAborted(options.signal, stop, () => child.send('SIGKILL'), runtime.patienceMs ?? 120_000)
  const ended = await child.ended
  force.cancel()
  const { last } = follower
  if (ended.code === 0 && last?.event === 'end') return done(trainedFrom(last, follower.started))
  const wasAborted = options.signal?.aborted === true
  return failed(failureOf({ ended, last, wasAborted, tail: log.tail(15), log: layout.log }))
}

/** A run that was ended between its last step and its manifest: trained already. */
async function takeUp(finished: Resumable, progress: string, options: TrainingOptions): Promise<Result<Trained>> {
  options.onEvent({ type: 'started', steps: finished.step, from: finished.step })
  const history = await historyOf(finished)
  if (!history.ok) return history
  const started = readProgress(progress).findLast(({ event }) => event.event === 'start')?.event
  return done({ ...history.value, hardware: hardwareHere(started?.event === 'start' ? started : null) })
}

const resumeArguments = (folder: string | undefined): readonly string[] =>
  folder === undefined ? [] : ['--resume_from_checkpoint', path.resolve(folder)]

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

type Start = Extract<SftEvent, { event: 'start' }>
type End = Extract<SftEvent, { event: 'end' }>

/** Turns the script's lines into the engine's events, with an estimate of the time left. */
class Follower {
  last: SftEvent | null = null
  started: Start | null = null
  private firstStepAt: { readonly step: number; readonly time: number } | null = null

  constructor(
    private readonly progress: ProgressLog,
    private readonly onEvent: (event: TrainingEvent) => void,
  ) {}

  follow(line: string): void {
    const event = parseEvent(line)
    if (event === null) return
    this.last = event
    this.progress.append(event)
    if (event.event === 'start') {
      this.started = event
      this.firstStepAt = { step: event.from, time: Date.now() }
      this.onEvent({ type: 'started', steps: event.steps, from: event.from })
    }
    if (event.event === 'step') this.onEvent(this.stepOf(event))
    if (event.event === 'saved') this.onEvent({ type: 'saved', step: event.step })
  }

  private stepOf(event: Extract<SftEvent, { event: 'step' }>): TrainingEvent {
    const { step, loss, tokens } = event
    const steps = this.started?.steps ?? step
    const since = this.firstStepAt ?? { step: step - 1, time: Date.now() }
    const secondsPerStep = (Date.now() - since.time) / 1000 / Math.max(1, step - since.step)
    const learningRate = event.learning_rate ?? undefined
    return { type: 'step', step, steps, loss, learningRate, tokens, secondsLeft: secondsPerStep * (steps - step) }
  }
}

function trainedFrom(end: End, started: Start | null): Trained {
  const loss = end.curve.map((point) => ({
    step: point.step,
    loss: point.loss,
    ...(point.learning_rate === null ? {} : { learningRate: point.learning_rate }),
  }))
  return { tokens: end.tokens, loss, hardware: hardwareHere(started) }
}

const hardwareHere = (started: Start | null): Record<string, unknown> => ({
  platform: `${process.platform} ${process.arch}`,
  processor: os.cpus()[0]?.model ?? 'unknown',
  cores: os.availableParallelism(),
  memoryBytes: os.totalmem(),
  device: started?.device ?? 'unknown',
  threads: started?.threads ?? 0,
})

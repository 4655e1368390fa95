import type { Failure } from '../../../../nouns/index.js'
import type { TrainingEvent } from '../../engine.js'
import { notFinite } from '../failures.js'
import { appendProgress, lastSaved, type ProgressLine } from '../progress.js'
import { readLogLine, type LogEvent } from './log-lines.js'

export interface Tracked {
  /** Ray's id of the job whose log is read. */
  readonly job: string
  readonly steps: number
  /** Tokens seen after each step, the first one at index 0. */
  readonly tokensAfter: readonly number[]
  /** The learning rate of the first step: 0 where there is a warm-up. */
  readonly firstRate: number
  readonly progress: string
  readonly log: string
  /** What earlier readings of this log, and of other jobs', told. */
  readonly told: readonly ProgressLine[]
  readonly onEvent: (event: TrainingEvent) => void
}

/** Turns the lines of one job's log into events; what an earlier limi has told of the same job is not told again. */
export class Tracker {
  /** Milliseconds since 1970. */
  startedAt = Date.now()
  private rate: number | undefined
  private waiting = ''
  private readonly toldSteps: number
  private readonly toldSaved: number
  private readonly from: number

  constructor(private readonly tracked: Tracked) {
    const own = tracked.told.filter(({ job }) => job === tracked.job)
    this.toldSteps = own.reduce((last, line) => (line.event === 'step' ? Math.max(last, line.step) : last), 0)
    this.toldSaved = lastSaved(own)
    this.from = lastSaved(tracked.told.filter(({ job }) => job !== tracked.job))
  }

  begin(startedAt: number): void {
    this.startedAt = startedAt
    this.tracked.onEvent({ type: 'started', steps: this.tracked.steps, from: this.from })
  }

  /** A failure where the line shows that the job is beyond hope. */
  take(line: string): Failure | null {
    const event = readLogLine(line)
    if (event === null) return null
    if (event.type === 'step') return this.takeStep(event)
    if (event.type === 'saved' && event.step > this.toldSaved) {
      this.write({ event: 'saved', job: this.tracked.job, step: event.step })
      this.tracked.onEvent({ type: 'saved', step: event.step })
    }
    if (event.type === 'waiting') this.takeWaiting(event)
    if (event.type === 'versions') this.write({ event: 'versions', job: this.tracked.job, versions: event.versions })
    return null
  }

  private takeStep({ step, loss, nextRate, at }: Extract<LogEvent, { type: 'step' }>): Failure | null {
    const learningRate = step === 1 ? this.tracked.firstRate : this.rate
    this.rate = nextRate
    if (!Number.isFinite(loss)) return notFinite(this.tracked.job, this.tracked.log)
    if (step <= this.toldSteps) return null
    const { steps, tokensAfter, job } = this.tracked
    const tokens = tokensAfter[step - 1] ?? tokensAfter.at(-1) ?? 0
    const rate = learningRate === undefined ? {} : { learning_rate: learningRate }
    this.write({ event: 'step', job, step, loss, tokens, ...rate })
    const seconds = Math.max(0, Date.now() - this.startedAt) / 1000
    const secondsLeft = (seconds / Math.max(1, step - this.from)) * Math.max(0, steps - step)
    const clock = at === undefined ? {} : { at }
    this.tracked.onEvent({ type: 'step', step, steps, loss, learningRate, tokens, secondsLeft, ...clock })
    return null
  }

  /** Said once for each state of the cluster, not every 30 seconds. */
  private takeWaiting({ wanted, registered, free }: Extract<LogEvent, { type: 'waiting' }>): void {
    const text = `the job waits for ${String(wanted)} GPUs: the cluster has ${String(registered)}, of which ${String(free)} are free`
    if (text === this.waiting) return
    this.waiting = text
    this.tracked.onEvent({ type: 'warning', code: 'waiting-for-gpus', text })
  }

  private write(line: ProgressLine): void {
    appendProgress(this.tracked.progress, line)
  }
}

import os from 'node:os'
import type { TrainingEvent, TrainingJob } from '../engine.js'
import { epochsAfter } from '../steps.js'
import { parseEvent, type SftEvent } from './events.js'
import type { ProgressLog } from './progress.js'

type Of<Name extends SftEvent['event']> = Extract<SftEvent, { event: Name }>

/** Turns the script's lines into the engine's events, with an estimate of the time left. */
export class Follower {
  /** The last event that tells how it stands; signs of life do not. */
  last: SftEvent | null = null
  started: Of<'start'> | null = null
  peakBytes: number | undefined
  private firstStepAt: { readonly step: number; readonly time: number } | null = null

  constructor(
    private readonly job: TrainingJob,
    private readonly progress: ProgressLog,
    private readonly onEvent: (event: TrainingEvent) => void,
  ) {}

  /** Returns what the line was; null for a line that is no event. */
  follow(line: string): SftEvent | null {
    const event = parseEvent(line)
    if (event === null || event.event === 'alive') return event
    this.last = event
    this.progress.append(event)
    if (event.event === 'start') this.start(event)
    if (event.event === 'step') this.step(event)
    if (event.event === 'held-out') this.measured(event)
    if (event.event === 'saved') this.onEvent({ type: 'saved', step: event.step })
    if (event.event === 'stopped-early') this.stoppedEarly(event)
    return event
  }

  private start(event: Of<'start'>): void {
    this.started = event
    this.firstStepAt = { step: event.from, time: Date.now() }
    this.onEvent({ type: 'started', steps: event.steps, from: event.from })
  }

  private step({ step, loss, tokens, memory, learning_rate: rate }: Of<'step'>): void {
    const steps = this.started?.steps ?? step
    const since = this.firstStepAt ?? { step: step - 1, time: Date.now() }
    const secondsPerStep = (Date.now() - since.time) / 1000 / Math.max(1, step - since.step)
    const learningRate = rate ?? undefined
    const secondsLeft = secondsPerStep * (steps - step)
    const memoryBytes = memory === undefined ? {} : { memoryBytes: memory }
    this.peakBytes = memory ?? this.peakBytes
    this.onEvent({ type: 'step', step, steps, loss, learningRate, tokens, secondsLeft, ...memoryBytes })
  }

  private measured({ step, loss }: Of<'held-out'>): void {
    this.onEvent({ type: 'held-out', step, epoch: this.epochsAfter(step), loss })
  }

  private stoppedEarly({ step, best }: Of<'stopped-early'>): void {
    const text = `stopped after step ${String(step)}: the held-out loss was lowest after step ${String(best)}, and those weights are kept`
    this.onEvent({ type: 'warning', code: 'stopped-early', text })
  }

  /** In a recipe of steps the trainer cuts batches at every epoch, so that an epoch is a whole number of them. */
  private epochsAfter(step: number): number {
    const { dataset, recipe } = this.job
    const perEpoch = Math.ceil(dataset.samples.length / recipe.batchSize)
    return recipe.epochs === undefined ? step / perEpoch : epochsAfter(step, this.job)
  }
}

export const hardwareHere = (started: Of<'start'> | null): Record<string, unknown> => ({
  platform: `${process.platform} ${process.arch}`,
  processor: os.cpus()[0]?.model ?? 'unknown',
  cores: os.availableParallelism(),
  memoryBytes: os.totalmem(),
  device: started?.device ?? 'unknown',
  threads: started?.threads ?? 0,
})

import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { TrainingEvent, TrainingJob } from '../engine.js'
import { epochsAfter, stepsOfJob } from '../steps.js'
import { layoutOf } from './layout.js'
import { elapsedIn, parseLine, Tail, type TrainerLine } from './trainer-log.js'

export interface FollowerOptions {
  readonly job: TrainingJob
  /** Tokens seen after each step. */
  readonly tokens: readonly number[]
  /** Step that is gone on from. */
  readonly from: number
  readonly onEvent: (event: TrainingEvent) => void
}

const EVERY_MS = 300

/** Looks at what LLaMA-Factory writes while it trains, and turns it into the engine's events. */
export class Follower {
  /** Step whose loss was no finite number. */
  notFinite: number | null = null
  private readonly tail: Tail
  private readonly saved: Set<number>
  private readonly began = Date.now()
  private readonly timer: NodeJS.Timeout
  private printed = 0

  constructor(
    private readonly options: FollowerOptions,
    private readonly heard: (what: 'step' | 'sign') => void,
  ) {
    const { trainerLog } = layoutOf(options.job.folder)
    this.tail = new Tail(trainerLog, existsSync(trainerLog) ? statSync(trainerLog).size : 0)
    this.saved = new Set(this.checkpoints())
    options.onEvent({ type: 'started', steps: stepsOfJob(options.job), from: options.from })
    this.timer = setInterval(() => this.look(), EVERY_MS)
  }

  /** Reads what came last. */
  end(): void {
    clearInterval(this.timer)
    this.look()
  }

  private look(): void {
    for (const text of this.tail.read()) {
      const line = parseLine(text)
      if (line !== null) this.follow(line)
    }
    for (const step of this.checkpoints().filter((one) => !this.saved.has(one))) {
      this.saved.add(step)
      this.options.onEvent({ type: 'saved', step })
    }
    const size = this.printedBytes()
    if (size !== this.printed) this.heard('sign')
    this.printed = size
  }

  private follow(line: TrainerLine): void {
    const { current_steps: step, total_steps: steps, loss, eval_loss: held, lr, epoch } = line
    const { job, tokens, from, onEvent } = this.options
    if (loss === null || held === null) this.notFinite ??= step
    if (typeof held === 'number') {
      const epochs = job.recipe.epochs === undefined ? (epoch ?? 0) : epochsAfter(step, job)
      onEvent({ type: 'held-out', step, epoch: epochs, loss: held })
    }
    if (typeof loss !== 'number') return
    const each = (Date.now() - this.began) / 1000 / Math.max(1, step - from)
    const secondsLeft = each * (steps - step)
    const learningRate = lr ?? undefined
    const seen = tokens[step - 1] ?? 0
    const at = elapsedIn(line)
    onEvent({ type: 'step', step, steps, loss, learningRate, tokens: seen, secondsLeft, ...(at !== null && { at }) })
    this.heard('step')
  }

  /** Checkpoints that are whole: the trainer writes their `trainer_state.json` last. */
  private checkpoints(): readonly number[] {
    const { output } = layoutOf(this.options.job.folder)
    const names = existsSync(output) ? readdirSync(output) : []
    return names.flatMap((name) => {
      const [, step] = /^checkpoint-(\d+)$/.exec(name) ?? []
      return step !== undefined && existsSync(path.join(output, name, 'trainer_state.json')) ? [Number(step)] : []
    })
  }

  /** Its progress bars show that it lives while it loads or measures, though no step ends. */
  private printedBytes(): number {
    const { log } = layoutOf(this.options.job.folder)
    return existsSync(log) ? statSync(log).size : 0
  }
}

import { done, failed, type LossPoint, type Result } from '../../../nouns/index.js'
import type { TrainingEvent, TrainingJob } from '../engine.js'
import { stepsOfJob } from '../steps.js'
import type { Api, Job, JobEvent } from './api.js'
import { endedAs, leftAlone, noModel } from './failures.js'
import { metricsIn } from './metrics.js'
import { pause } from './patience.js'

export interface Following {
  readonly job: TrainingJob
  readonly api: Api
  readonly id: string
  readonly pollMs: number
  readonly signal?: AbortSignal
  readonly onEvent: (event: TrainingEvent) => void
}

export interface Followed {
  readonly model: string
  readonly job: Job
  readonly steps: number
  readonly loss: readonly LossPoint[]
  readonly heldOut: readonly LossPoint[]
}

const ENDS = new Set(['failed', 'cancelled', 'expired'])
/** So many times a job that succeeded is asked for its model's name. */
const NAMELESS = 5

/** Looks at a job until it ends. */
export async function follow(following: Following): Promise<Result<Followed>> {
  const { job, api, id, pollMs, signal, onEvent } = following
  const telling = new Telling(job, onEvent)
  for (let nameless = 0; ;) {
    const now = await api.job(id)
    const events = now.ok ? await api.eventsSince(id, (event) => telling.knows(event)) : now
    if (!now.ok || !events.ok) {
      if (signal?.aborted === true) return failed(leftAlone(job.run, id))
      return now.ok ? (events as Extract<typeof events, { ok: false }>) : now
    }
    telling.tell(now.value, [...events.value].reverse())
    const { status, fine_tuned_model: model, error } = now.value
    if (ENDS.has(status)) return failed(endedAs(id, status, error?.message ?? error?.code ?? ''))
    if (status === 'succeeded') {
      if (typeof model === 'string' && model !== '') return done({ model, job: now.value, ...telling.told() })
      nameless += 1
      if (nameless >= NAMELESS) return failed(noModel(id))
    }
    if (!(await pause(pollMs, signal))) return failed(leftAlone(job.run, id))
  }
}

/** By the dataset's own tokenizer; the service says how many there were when it has ended. */
const tokensAStep = ({ dataset, recipe }: TrainingJob): number =>
  (dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0) / dataset.samples.length) * recipe.batchSize

/** Tells what is new of a job. */
class Telling {
  private readonly seen = new Set<string>()
  private readonly points = new Map<number, LossPoint>()
  private readonly full = new Map<number, LossPoint>()
  private readonly partial = new Map<number, LossPoint>()
  private readonly tokens: number
  private steps: number
  private status = ''
  private isStarted = false
  private first: { readonly step: number; readonly at: number } | null = null

  constructor(
    job: TrainingJob,
    private readonly onEvent: (event: TrainingEvent) => void,
  ) {
    this.steps = stepsOfJob(job)
    this.tokens = tokensAStep(job)
  }

  knows(event: string): boolean {
    return this.seen.has(event)
  }

  tell(job: Job, events: readonly JobEvent[]): void {
    if (job.status !== this.status)
      this.onEvent({ type: 'note', text: `${job.id}: ${job.status.replaceAll('_', ' ')}` })
    this.status = job.status
    for (const event of events) {
      this.seen.add(event.id)
      this.one(job, event)
    }
  }

  told(): Pick<Followed, 'steps' | 'loss' | 'heldOut'> {
    const heldOut = this.full.size > 0 ? this.full : this.partial
    const inOrder = (points: ReadonlyMap<number, LossPoint>) => [...points.values()].sort((a, b) => a.step - b.step)
    return { steps: Math.max(this.steps, ...this.points.keys()), loss: inOrder(this.points), heldOut: inOrder(heldOut) }
  }

  private one(job: Job, event: JobEvent): void {
    const metrics = metricsIn(event)
    if (metrics === null) {
      if (event.level === 'warn' || event.level === 'error') {
        this.onEvent({ type: 'warning', code: 'hosted', text: event.message })
      } else this.onEvent({ type: 'note', text: event.message })
      return
    }
    const { step, steps, loss, heldOut, heldOutPart } = metrics
    this.steps = steps ?? this.steps
    if (!this.isStarted) this.onEvent({ type: 'started', steps: this.steps, from: 0 })
    this.isStarted = true
    if (heldOutPart !== null) this.partial.set(step, { step, loss: heldOutPart })
    if (heldOut !== null) {
      this.full.set(step, { step, loss: heldOut })
      this.onEvent({ type: 'held-out', step, epoch: metrics.epoch ?? 0, loss: heldOut })
    }
    if (loss === null) return
    this.points.set(step, { step, loss })
    const secondsLeft = this.secondsLeft(job, step, event.created_at)
    const tokens = Math.round(this.tokens * step)
    const at = event.created_at ?? undefined
    this.onEvent({ type: 'step', step, steps: this.steps, loss, tokens, secondsLeft, ...(at !== undefined && { at }) })
  }

  /** As the service expects, else by the speed so far. */
  private secondsLeft({ estimated_finish: finish }: Job, step: number, at: number | null | undefined): number {
    this.first ??= { step, at: at ?? 0 }
    if (typeof finish === 'number') return Math.max(0, finish - Date.now() / 1000)
    const each = ((at ?? 0) - this.first.at) / Math.max(1, step - this.first.step)
    return Math.max(0, each * (this.steps - step))
  }
}

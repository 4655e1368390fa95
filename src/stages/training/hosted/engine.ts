import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { writeFileAtomic } from '../../../shared/project/index.js'
import type {
  EngineCheck,
  TrainedModel,
  TrainingData,
  TrainingEngine,
  TrainingJob,
  TrainingOptions,
} from '../engine.js'
import { apiOf, type Api } from './api.js'
import { oneJob } from './begin-job.js'
import { noKey, noMessages } from './failures.js'
import { follow, type Followed } from './follow.js'
import type { Patience } from './patience.js'
import { planHosted, type PlanOptions } from './plan.js'
import { requestOf } from './request.js'
import { layoutOf, readState, type HostedState, type Place } from './state.js'

export interface HostedTrainingOptions extends PlanOptions {
  /** With the API's version, as `https://host/v1`. */
  readonly baseUrl: string
  /** What the service calls the base model. */
  readonly model: string
  /** Environment variable with the key. Default: OPENAI_API_KEY. */
  readonly apiKeyEnv?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly times?: Partial<Times>
}

interface Times extends Patience {
  readonly requestMs: number
  readonly uploadMs: number
  readonly pollMs: number
  /** How long after a lost answer a job may still come to show in the service's list. */
  readonly settleMs: number
}

const TIMES: Times = {
  attempts: 8,
  firstMs: 1_000,
  longestMs: 60_000,
  requestMs: 60_000,
  uploadMs: 10 * 60_000,
  pollMs: 10_000,
  settleMs: 120_000,
}

/** Fine-tuning at a service with OpenAI's endpoints: the dataset goes there as messages, and the weights stay there. */
export function hostedEngine(options: HostedTrainingOptions): TrainingEngine {
  const { baseUrl, model, apiKeyEnv = 'OPENAI_API_KEY', env = process.env } = options
  const times = { ...TIMES, ...options.times }
  const place: Place = { baseUrl, model }
  const open = (patience: Patience, signal?: AbortSignal): Result<Api> => {
    const key = env[apiKeyEnv]?.trim() ?? ''
    if (key === '') return failed(noKey(apiKeyEnv))
    return done(apiOf({ baseUrl, key, requestMs: times.requestMs, uploadMs: times.uploadMs, signal }, patience))
  }
  return {
    name: 'hosted',
    // Before anything is begun nobody waits long for a service that is not there.
    check: () => check(open({ ...times, attempts: Math.min(2, times.attempts) })),
    plan: (job) => Promise.resolve(planHosted(job, options)),
    prepare: (job) => prepare(job, place, options),
    async run(job, runOptions) {
      const api = open(times, runOptions.signal)
      if (!api.ok) return api
      const state = await readState(job.folder, place)
      if (!state.ok) return state
      const trained = await train(job, { api: api.value, times, options, state: state.value }, runOptions)
      return trained.ok ? done(modelOf(job, { ...place, apiKeyEnv }, trained.value)) : trained
    },
    async stop(folder) {
      const state = await readState(folder, place)
      if (!state.ok) return state
      const api = open(times)
      return api.ok ? cancel(api.value, state.value) : api
    },
    clean: () => Promise.resolve(),
  }
}

/** Whether the service answers, and takes the key. */
async function check(api: Result<Api>): Promise<Result<EngineCheck>> {
  const answered = api.ok ? await api.value.someJobs() : api
  const missing: Failure[] = answered.ok ? [] : [answered.failure]
  return done({ missing, diskBytes: 0 })
}

/** What was sent stays as it is: once there is a job, the messages are not made anew. */
async function prepare(job: TrainingJob, place: Place, options: PlanOptions): Promise<Result<readonly string[]>> {
  const plan = planHosted(job, options)
  if (!plan.ok) return plan
  const layout = layoutOf(job.folder)
  const state = await readState(job.folder, place)
  if (!state.ok) return state
  const parts: readonly (readonly [string, TrainingData])[] = [
    [layout.train, job.dataset],
    ...(job.heldOut === undefined ? [] : [[layout.heldOut, job.heldOut] as const]),
  ]
  for (const [file, data] of state.value.job === undefined ? parts : []) {
    const written = await writeMessages(file, data)
    if (!written.ok) return written
  }
  const body = requestOf(job, { model: place.model, key: state.value.key }, options.learningRateMultiplier)
  const request = await writeFileAtomic(layout.request, `${JSON.stringify(body, null, 2)}\n`)
  return request.ok ? done([...parts.map(([file]) => file), layout.request]) : request
}

async function writeMessages(file: string, { id, messages }: TrainingData): Promise<Result<void>> {
  const lines = messages === undefined ? failed(noMessages(id)) : await messages()
  return lines.ok ? writeFileAtomic(file, lines.value.map((line) => `${line.trimEnd()}\n`).join('')) : lines
}

interface Work {
  readonly api: Api
  readonly times: Times
  readonly options: HostedTrainingOptions
  readonly state: HostedState
}

async function train(
  job: TrainingJob,
  { api, times, options, state }: Work,
  { onEvent, signal }: TrainingOptions,
): Promise<Result<Followed>> {
  const note = (text: string): void => onEvent({ type: 'note', text })
  const { settleMs, pollMs } = times
  const { learningRateMultiplier } = options
  const id = await oneJob({ job, api, patience: times, settleMs, learningRateMultiplier, signal, note }, state)
  if (!id.ok) return id
  note(`${job.run}: ${state.job === undefined ? 'the service trains it as' : 'goes on following'} ${id.value}`)
  return follow({ job, api, id: id.value, pollMs, signal, onEvent })
}

function modelOf(job: TrainingJob, where: Place & { readonly apiKeyEnv: string }, followed: Followed): TrainedModel {
  const { job: at, model, steps, loss, heldOut } = followed
  const { baseUrl, apiKeyEnv } = where
  const { tokens } = tokensOf(job)
  const seconds = (at.finished_at ?? 0) - (at.created_at ?? 0)
  return {
    path: null,
    hosted: { baseUrl, model, job: at.id, apiKeyEnv },
    steps,
    tokens: at.trained_tokens ?? tokens,
    seconds: Math.max(0, seconds),
    loss,
    ...(job.heldOut && { heldOutLoss: heldOut }),
    hardware: { service: new URL(baseUrl).host },
    versions: {},
  }
}

const tokensOf = (job: TrainingJob): { readonly tokens: number } => {
  const plan = planHosted(job, {})
  return plan.ok ? plan.value.estimate : { tokens: 0 }
}

const GOING_ON = new Set(['validating_files', 'queued', 'running', 'paused', 'pending'])

async function cancel(api: Api, { job: id }: HostedState): Promise<Result<boolean>> {
  if (id === undefined) return done(false)
  const before = await api.job(id)
  if (!before.ok) return before
  if (!GOING_ON.has(before.value.status)) return done(false)
  const cancelled = await api.cancel(id)
  return cancelled.ok ? done(true) : cancelled
}

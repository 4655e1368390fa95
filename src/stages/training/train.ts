import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Checkpoint, done, failed, type Failure, type Result } from '../../nouns/index.js'
import { digestOfModel } from '../../shared/models/index.js'
import {
  canonicalJson,
  digestOf,
  readManifest,
  versionsHere,
  writeFileAtomic,
  writeManifest,
} from '../../shared/project/index.js'
import { copyBase } from './base-copy.js'
import { begin, isSameWork, madeOf, type Begun } from './begun.js'
import type {
  TrainedModel,
  TrainingEngine,
  TrainingEvent,
  TrainingJob,
  TrainingOptions,
  TrainingPlan,
} from './engine.js'
import { EventLog, eventsFile, readEvents } from './events.js'
import { OverfittingWatch } from './overfitting-watch.js'
import { peakMemory } from './progress.js'
import { refusalOf } from './refusal.js'
import { writeTrainingReport } from './report.js'

export interface TrainRequest extends TrainingOptions {
  readonly job: TrainingJob
  readonly engine: TrainingEngine
  /** Status of the dataset's proof: one that failed is refused. */
  readonly proof: 'ok' | 'failed'
  /** What else the engine was told; kept for resuming, so never a secret. */
  readonly setting?: Readonly<Record<string, string>>
  /** The evaluation that the caller repeats with what was trained; kept for resuming. */
  readonly forgetting?: string
  /** Told once, before anything is touched. */
  readonly onPlan?: (plan: TrainingPlan) => void
}

/** The run's checkpoint where it was made from these very inputs and its weights are there; null where it is to be made. */
export async function readyCheckpoint(job: TrainingJob, engine: string): Promise<Checkpoint | null> {
  const manifest = await readManifest(job.folder, Checkpoint)
  const { inputs, parameters } = madeOf(job, engine, {})
  if (manifest === null || !isSameWork(manifest.made, inputs, parameters)) return null
  const isThere = manifest.path === undefined || existsSync(path.join(job.folder, manifest.path))
  return isThere ? manifest : null
}

/**
 * Trains one run and writes its manifest last. Interrupted, it goes on from its last checkpoint; finished, it does nothing;
 * asked for something else under the same name, it moves what is there aside, says so and starts anew. No steps give the base's own weights.
 * Failures: `dataset.unproved`, `dataset.empty`, `recipe.unsupported`, what the engine lacks, `disk.full`, `training.*`, `interrupted`.
 */
export async function train(request: TrainRequest): Promise<Result<Checkpoint>> {
  const { job, engine } = request
  const refused = refusalOf(job, request.proof)
  if (refused !== null) return failed(refused)
  const ready = await readyCheckpoint(job, engine.name)
  if (ready !== null) return done(ready)
  const planned = job.recipe.steps === 0 ? done(undefined) : await planAndCheck(request)
  if (!planned.ok) return planned
  const begun = await begin({ ...request, estimate: planned.value?.estimate })
  if (!begun.ok) return begun
  return attempt(request, begun.value)
}

/** Nothing that lies under the run's name is touched before the engine has what it needs. */
async function planAndCheck({ job, engine, onPlan }: TrainRequest): Promise<Result<TrainingPlan>> {
  const plan = await engine.plan(job)
  if (!plan.ok) return plan
  onPlan?.(plan.value)
  const checked = await engine.check(job)
  if (!checked.ok) return checked
  const [missing] = checked.value.missing
  return missing === undefined ? plan : failed(missing)
}

/** One process at work on the run, written down from its beginning to its end. */
async function attempt(request: TrainRequest, begun: Begun): Promise<Result<Checkpoint>> {
  const { job, engine, signal } = request
  const before = await readEvents(job.folder)
  const watch = new OverfittingWatch(job, before.ok ? before.value.events : [])
  const log = new EventLog(eventsFile(job.folder), (failure) => request.onEvent(unwritten(failure)))
  log.append({ type: 'attempt', engine: engine.name, pid: process.pid, host: os.hostname() })
  let page: Promise<Result<void>> = Promise.resolve(done(undefined))
  const onEvent = (event: TrainingEvent): void => {
    log.append(event)
    request.onEvent(event)
    if (event.type === 'saved') page = page.then(() => writeTrainingReport(job.folder))
    const warning = watch.look(event)
    if (warning !== null) onEvent(warning)
  }
  const trained = job.recipe.steps === 0 ? await giveBase(job) : await trainSteps(job, engine, { onEvent, signal })
  const made = trained.ok ? await finish(request, begun, trained.value) : trained
  if (made.ok) log.append({ type: 'ended', state: 'finished' })
  else log.append({ type: 'ended', state: endOf(made.failure), failure: made.failure })
  await page
  const written = await writeTrainingReport(job.folder)
  if (!written.ok) request.onEvent(unwritten(written.failure))
  return made
}

const endOf = ({ kind }: Failure): 'interrupted' | 'failed' => (kind === 'interrupted' ? 'interrupted' : 'failed')

const unwritten = ({ message }: Failure): TrainingEvent => ({
  type: 'warning',
  code: 'progress.unwritten',
  text: `progress cannot be written, and training goes on: ${message}`,
})

async function giveBase(job: TrainingJob): Promise<Result<TrainedModel>> {
  const copied = await copyBase(job.base.folder, path.join(job.folder, 'model'))
  if (!copied.ok) return copied
  return done({ path: 'model', steps: 0, tokens: 0, seconds: 0, loss: [], hardware: {}, versions: {} })
}

async function trainSteps(
  job: TrainingJob,
  engine: TrainingEngine,
  options: TrainingOptions,
): Promise<Result<TrainedModel>> {
  const prepared = await engine.prepare(job)
  return prepared.ok ? engine.run(job, options) : prepared
}

async function finish({ job, engine }: TrainRequest, begun: Begun, trained: TrainedModel): Promise<Result<Checkpoint>> {
  const kept = await keepTemplate(job, trained)
  if (!kept.ok) return kept
  const digest = await digestOfResult(job, trained)
  if (!digest.ok) return digest
  const memoryBytes = await peakMemory(job.folder)
  const checkpoint: Checkpoint = {
    format: 'limi.manifest/1',
    kind: 'checkpoint',
    id: job.run,
    created: new Date().toISOString(),
    made: madeOf(job, engine.name, { ...versionsHere(), ...trained.versions }),
    digest: digest.value,
    engine: engine.name,
    base: { name: job.base.name, digest: job.base.digest },
    dataset: { id: job.dataset.id, digest: job.dataset.digest, proof: 'ok' },
    recipe: job.recipe,
    steps: trained.steps,
    tokens: trained.tokens,
    seconds: trained.seconds,
    loss: [...trained.loss],
    hardware: trained.hardware,
    ...(trained.path !== null && { path: trained.path }),
    ...(trained.hosted && { hosted: trained.hosted }),
    ...(trained.heldOutLoss && { heldOutLoss: [...trained.heldOutLoss] }),
    ...(job.heldOut && { heldOut: { id: job.heldOut.id, digest: job.heldOut.digest } }),
    ...(begun.estimate && { estimate: begun.estimate }),
    ...(memoryBytes !== null && { memoryBytes }),
  }
  const written = await writeManifest(job.folder, checkpoint)
  if (!written.ok) return written
  await engine.clean(job)
  return done(checkpoint)
}

/** transformers takes this file before any template in tokenizer_config.json. */
const keepTemplate = async (
  { folder, dataset }: TrainingJob,
  { path: weights }: TrainedModel,
): Promise<Result<void>> =>
  weights === null || dataset.chatTemplate === undefined
    ? done(undefined)
    : writeFileAtomic(path.join(folder, weights, 'chat_template.jinja'), dataset.chatTemplate)

/** Of the weights; where a service keeps them, of what it calls them. */
const digestOfResult = async (job: TrainingJob, { path: weights, hosted }: TrainedModel): Promise<Result<string>> =>
  weights === null ? done(digestOf(canonicalJson(hosted))) : digestOfModel(path.join(job.folder, weights))

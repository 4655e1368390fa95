import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { Checkpoint, done, failed, Made, type Failure, type Result } from '../../nouns/index.js'
import { digestOfModel } from '../../shared/models/index.js'
import {
  canonicalJson,
  digestOf,
  diskFailure,
  isMadeFrom,
  manifestFile,
  moveAside,
  readJson,
  readManifest,
  versionsHere,
  writeJson,
  writeManifest,
} from '../../shared/project/index.js'
import { copyBase } from './base-copy.js'
import type { TrainedModel, TrainingEngine, TrainingJob, TrainingOptions } from './engine.js'

export interface TrainRequest extends TrainingOptions {
  readonly job: TrainingJob
  readonly engine: TrainingEngine
  /** Status of the dataset's proof: one that failed is refused. */
  readonly proof: 'ok' | 'failed'
}

/** The run's checkpoint where it was made from these very inputs; null where it is to be made. */
export async function readyCheckpoint(job: TrainingJob, engine: string): Promise<Checkpoint | null> {
  const manifest = await readManifest(job.folder, Checkpoint)
  const { inputs, parameters } = madeOf(job, engine, {})
  return manifest !== null && isSameWork(manifest.made, inputs, parameters) ? manifest : null
}

/**
 * Trains one run and writes its manifest last. Interrupted, it goes on from its last checkpoint; finished, it does nothing;
 * asked for something else under the same name, it moves what is there aside, says so and starts anew. No steps give the base's own weights.
 * Failures: `dataset.unproved`, `dataset.empty`, what the engine lacks, `disk.full`, `training.*`, `interrupted`.
 */
export async function train(request: TrainRequest): Promise<Result<Checkpoint>> {
  const { job, engine } = request
  const refused = refusal(request)
  if (refused !== null) return failed(refused)
  const ready = await readyCheckpoint(job, engine.name)
  if (ready !== null) return done(ready)
  const able = job.recipe.steps === 0 ? done(undefined) : await checkEngine(request)
  if (!able.ok) return able
  const begun = await begin(request)
  if (!begun.ok) return begun
  const trained = job.recipe.steps === 0 ? await giveBase(job) : await trainSteps(request)
  return trained.ok ? finish(request, trained.value) : trained
}

function refusal({ job, proof }: TrainRequest): Failure | null {
  const where = job.dataset.id
  if (proof !== 'ok') {
    const message = 'the proof of this dataset failed: what would be trained is not what the assistant said'
    const remedy = 'run `limi dataset check` to see which sample, and build the dataset again'
    return { kind: 'input', code: 'dataset.unproved', message, where, remedy }
  }
  if (job.dataset.samples.length === 0 && job.recipe.steps !== 0) {
    const remedy = 'select at least one trajectory'
    return { kind: 'input', code: 'dataset.empty', message: 'this dataset has no samples', where, remedy }
  }
  return null
}

const Begun = z.object({ format: z.literal('limi.training-begun/1'), made: Made })

/** Nothing that lies under the run's name is touched before the engine has what it needs. */
async function checkEngine({ job, engine }: TrainRequest): Promise<Result<void>> {
  const checked = await engine.check(job)
  if (!checked.ok) return checked
  const [missing] = checked.value.missing
  return missing === undefined ? done(undefined) : failed(missing)
}

/** Moves aside what another job left under this name, and writes down which job the files now belong to. */
async function begin({ job, engine, onEvent }: TrainRequest): Promise<Result<void>> {
  const file = path.join(job.folder, 'begun.json')
  const made = madeOf(job, engine.name, versionsHere())
  try {
    await mkdir(job.folder, { recursive: true })
    const there = await readdir(job.folder)
    const before = await readJson(file, Begun)
    const isFinished = there.includes(path.basename(manifestFile(job.folder)))
    const isOurs = before.ok && isSameWork(before.value.made, made.inputs, made.parameters)
    if (isOurs && !isFinished) return done(undefined)
    if (there.length > 0) {
      const why = before.ok && !isOurs ? 'base, data or recipe changed' : 'what is there cannot be gone on with'
      const kept = path.basename(await moveAside(job.folder))
      onEvent({ type: 'note', text: `${job.run}: ${why}, so training starts anew; what was there is kept as ${kept}` })
    }
    return await writeJson(file, { format: 'limi.training-begun/1', made })
  } catch (error) {
    return failed(diskFailure(error, job.folder))
  }
}

async function giveBase(job: TrainingJob): Promise<Result<TrainedModel>> {
  const copied = await copyBase(job.base.folder, path.join(job.folder, 'model'))
  if (!copied.ok) return copied
  return done({ path: 'model', steps: 0, tokens: 0, seconds: 0, loss: [], hardware: {}, versions: {} })
}

async function trainSteps({ job, engine, onEvent, signal }: TrainRequest): Promise<Result<TrainedModel>> {
  const prepared = await engine.prepare(job)
  if (!prepared.ok) return prepared
  return engine.run(job, { onEvent, signal })
}

async function finish({ job, engine }: TrainRequest, trained: TrainedModel): Promise<Result<Checkpoint>> {
  const digest = await digestOfResult(job, trained)
  if (!digest.ok) return digest
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
  }
  const written = await writeManifest(job.folder, checkpoint)
  if (!written.ok) return written
  await engine.clean(job)
  return done(checkpoint)
}

/** Of the weights; where a service keeps them, of what it calls them. */
const digestOfResult = async (job: TrainingJob, { path: weights, hosted }: TrainedModel): Promise<Result<string>> =>
  weights === null ? done(digestOf(canonicalJson(hosted))) : digestOfModel(path.join(job.folder, weights))

/** Base and dataset count by content: under another name they are still the same. */
const isSameWork = (made: Made, inputs: Made['inputs'], parameters: Made['parameters']): boolean =>
  isMadeFrom({ ...made, inputs: unnamed(made.inputs) }, unnamed(inputs), parameters)

const unnamed = (inputs: Made['inputs']): Made['inputs'] =>
  Object.fromEntries(Object.entries(inputs).map(([role, list]) => [role, list.map((one) => ({ ...one, id: '' }))]))

const madeOf = (job: TrainingJob, engine: string, versions: Record<string, string>): Made => ({
  inputs: {
    base: [{ id: job.base.name, digest: job.base.digest }],
    dataset: [{ id: job.dataset.id, digest: job.dataset.digest }],
    ...(job.heldOut && { heldOut: [{ id: job.heldOut.id, digest: job.heldOut.digest }] }),
  },
  parameters: { engine, recipe: job.recipe },
  versions,
})

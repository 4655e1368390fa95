import path from 'node:path'
import {
  Checkpoint,
  done,
  failed,
  type DatasetManifest,
  type Recipe,
  type RecipeOverrides,
  type Result,
} from '../../nouns/index.js'
import type { ModelFolder } from '../../shared/models/index.js'
import { placeOf, readManifest } from '../../shared/project/index.js'
import { keptTemplate, readProvedSamples } from '../../stages/dataset/index.js'
import {
  engineOf,
  loadRecipe,
  readyCheckpoint,
  train,
  type TrainingEngine,
  type TrainingJob,
} from '../../stages/training/index.js'
import { cacheOf, pythonOf } from '../models.js'
import { absent, asItLies, type Made, type Run } from '../run.js'
import { baseFor } from './base.js'
import { writeCard } from './card.js'
import { checkFits } from './fits.js'
import { messagesOf } from './messages.js'
import { planWords, sayerOf } from './words.js'

export interface TrainPlan {
  readonly run: string
  readonly engine?: string
  readonly dataset: DatasetManifest
  /** Never trained on; its loss is measured. */
  readonly heldOut?: DatasetManifest
  readonly base: string
  /** A shipped recipe by name, or a YAML file. */
  readonly recipe: string
  readonly overrides: RecipeOverrides
  /** What else the engine is told, as a cluster's address. */
  readonly setting?: Readonly<Record<string, string>>
  /** The evaluation that is repeated with what was trained. */
  readonly forgetting?: string
}

/** Trains one model, or takes the one that was made of the same base, data and recipe. */
export async function trainInto(run: Run, plan: TrainPlan): Promise<Result<Made<Checkpoint>>> {
  if (asItLies(run, 'training')) return takeCheckpoint(run, plan.run)
  const recipe = await loadRecipe(plan.recipe, plan.overrides)
  if (!recipe.ok) return recipe
  const base = await baseFor(run, plan.engine ?? 'trl', plan.base, plan.setting)
  return base.ok ? trainOn(run, { ...plan, ...base.value, recipe: recipe.value }) : base
}

export interface ResolvedPlan extends Omit<TrainPlan, 'base' | 'recipe' | 'overrides'> {
  readonly base: ModelFolder
  readonly recipe: Recipe
}

/** {@link trainInto} with its base found and its recipe read. */
export async function trainOn(run: Run, plan: ResolvedPlan): Promise<Result<Made<Checkpoint>>> {
  const { base, recipe, setting = {} } = plan
  const folder = placeOf(run.project.paths.training, plan.run)
  if (!folder.ok) return folder
  const engine = await namedEngine(run, plan.engine ?? 'trl', setting)
  if (!engine.ok) return engine
  const unread: TrainingJob = {
    run: plan.run,
    folder: folder.value,
    base,
    recipe,
    dataset: unreadOf(plan.dataset),
    ...(plan.heldOut && { heldOut: unreadOf(plan.heldOut) }),
  }
  const ready = await readyCheckpoint(unread, engine.value.name)
  if (ready !== null) return done({ value: ready, kept: true })
  const fits = await checkFits(run, plan)
  if (!fits.ok) return fits
  const job = await withSamples(run, unread, plan)
  if (!job.ok) return job
  const trained = await train({
    job: job.value,
    engine: engine.value,
    proof: plan.dataset.proof,
    setting,
    ...(plan.forgetting !== undefined && { forgetting: plan.forgetting }),
    onPlan: (planned) => planWords(job.value, planned).forEach((line) => run.say(line)),
    onEvent: sayerOf(plan.run, run.say),
    signal: run.signal,
  })
  if (!trained.ok) return trained
  await writeCard(run, trained.value, plan.dataset)
  return done({ value: trained.value, kept: false })
}

/** An engine, made with what this project and its environment hold. */
export async function namedEngine(
  run: Run,
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<Result<TrainingEngine>> {
  const cacheRoot = await cacheOf(run.project.root)
  return engineOf(name, { cacheRoot, environment: () => pythonOf(run), settings, env: process.env })
}

const unreadOf = ({ id, digest }: DatasetManifest): TrainingJob['dataset'] => ({ id, digest, samples: [] })

async function withSamples(run: Run, job: TrainingJob, plan: ResolvedPlan): Promise<Result<TrainingJob>> {
  const dataset = await dataOf(run, plan.dataset)
  if (!dataset.ok) return dataset
  if (plan.heldOut === undefined) return done({ ...job, dataset: dataset.value })
  const heldOut = await dataOf(run, plan.heldOut)
  return heldOut.ok ? done({ ...job, dataset: dataset.value, heldOut: heldOut.value }) : heldOut
}

async function dataOf(run: Run, manifest: DatasetManifest): Promise<Result<TrainingJob['dataset']>> {
  const { id, digest } = manifest
  const folder = path.join(run.project.paths.datasets, id)
  const samples = await readProvedSamples(folder, digest)
  if (!samples.ok) return samples
  const template = await keptTemplate(folder, manifest)
  if (!template.ok) return template
  const messages = () => messagesOf(run, manifest)
  return done({ id, digest, samples: samples.value, chatTemplate: template.value, messages })
}

async function takeCheckpoint(run: Run, name: string): Promise<Result<Made<Checkpoint>>> {
  const folder = placeOf(run.project.paths.training, name)
  if (!folder.ok) return folder
  const manifest = await readManifest(folder.value, Checkpoint)
  return manifest === null ? failed(absent('training', `run ${name}`)) : done({ value: manifest, kept: true })
}

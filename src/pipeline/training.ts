import path from 'node:path'
import {
  Checkpoint,
  done,
  failed,
  unwrap,
  type DatasetManifest,
  type RecipeOverrides,
  type Result,
  type RunPlan,
} from '../nouns/index.js'
import { placeOf, readManifest } from '../shared/project/index.js'
import { readProvedSamples } from '../stages/dataset/index.js'
import {
  loadRecipe,
  readyCheckpoint,
  train,
  trlEngine,
  type TrainingEvent,
  type TrainingJob,
} from '../stages/training/index.js'
import { cacheOf, folderOf, pythonOf } from './models.js'
import { absent, asItLies, type Made, type Run } from './run.js'
import type { ByArm } from './stages.js'

/** Stage 5: a real fine-tune, one model an arm. */
export async function trainArms(
  run: Run,
  plan: RunPlan,
  datasets: ByArm<DatasetManifest>,
): Promise<Made<ByArm<Checkpoint>>> {
  const { base, recipe, overrides } = plan.training
  const made: Record<string, Checkpoint> = {}
  let kept = true
  for (const [arm, dataset] of Object.entries(datasets)) {
    const trained = unwrap(await trainInto(run, { run: arm, dataset, base, recipe, overrides }))
    made[arm] = trained.value
    kept = kept && trained.kept
  }
  return { value: made, kept }
}

export interface TrainPlan {
  readonly run: string
  readonly dataset: DatasetManifest
  readonly base: string
  readonly recipe: string
  readonly overrides: RecipeOverrides
}

/** Trains one model, or takes the one that was made of the same base, data and recipe. */
export async function trainInto(run: Run, plan: TrainPlan): Promise<Result<Made<Checkpoint>>> {
  if (asItLies(run, 'training')) return takeCheckpoint(run, plan.run)
  const recipe = await loadRecipe(plan.recipe, plan.overrides)
  if (!recipe.ok) return recipe
  const base = await folderOf(run, plan.base)
  if (!base.ok) return base
  const folder = placeOf(run.project.paths.training, plan.run)
  if (!folder.ok) return folder
  const { id, digest } = plan.dataset
  const job: TrainingJob = {
    run: plan.run,
    folder: folder.value,
    base: base.value,
    dataset: { id, digest, samples: [] },
    recipe: recipe.value,
  }
  const engine = trlEngine({ cacheRoot: await cacheOf(run.project.root), environment: () => pythonOf(run) })
  const ready = await readyCheckpoint(job, engine.name)
  if (ready !== null) return done({ value: ready, kept: true })
  const samples = await readProvedSamples(path.join(run.project.paths.datasets, id), digest)
  if (!samples.ok) return samples
  const trained = await train({
    job: { ...job, dataset: { id, digest, samples: samples.value } },
    engine,
    proof: plan.dataset.proof,
    onEvent: (event) => run.say(describe(plan.run, event)),
    signal: run.signal,
  })
  return trained.ok ? done({ value: trained.value, kept: false }) : trained
}

async function takeCheckpoint(run: Run, name: string): Promise<Result<Made<Checkpoint>>> {
  const folder = placeOf(run.project.paths.training, name)
  if (!folder.ok) return folder
  const manifest = await readManifest(folder.value, Checkpoint)
  return manifest === null ? failed(absent('training', `run ${name}`)) : done({ value: manifest, kept: true })
}

function describe(name: string, event: TrainingEvent): string {
  switch (event.type) {
    case 'note':
      return `  ${event.text}`
    case 'started':
      return event.from === 0
        ? `  ${name}: training, ${event.steps} steps`
        : `  ${name}: going on from step ${event.from} of ${event.steps}`
    case 'saved':
      return `  ${name}: saved at step ${event.step}`
    case 'held-out':
      return `  ${name}: held-out loss ${event.loss.toFixed(3)} after step ${event.step}`
    case 'warning':
      return `  ${name}: ${event.text}`
    case 'step':
      return `  ${name}: step ${event.step}/${event.steps}  loss ${event.loss.toFixed(3)}  ${Math.ceil(event.secondsLeft)} s left`
  }
}

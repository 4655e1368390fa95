import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { TrainingJob } from '../engine.js'
import { stepsOfJob } from '../steps.js'
import { batchesOf, trainableTokens } from './batches.js'
import { layoutOf, sharedPlaces, type Launch } from './files/index.js'
import { openJobs } from './jobs.js'
import { baseModelOf, layoutFor, type BaseModel, type ChosenLayout } from './models.js'
import type { Settings } from './options.js'

export interface Shape {
  readonly model: BaseModel
  readonly layout: ChosenLayout
}

/** Which of slime's models it is and how it is spread; refuses what slime cannot follow. */
export async function shapeOf(job: TrainingJob, settings: Settings): Promise<Result<Shape>> {
  const refused = refusal(job)
  if (refused !== null) return failed(refused)
  const model = await baseModelOf(job.base.folder)
  if (!model.ok) return model
  const layout = layoutFor(model.value.script, settings)
  return layout.ok ? done({ model: model.value, layout: layout.value }) : layout
}

/** All that the run's files and jobs are made of, with the run's own folder on shared storage. */
export async function launchOf(job: TrainingJob, settings: Settings): Promise<Result<Launch>> {
  const shape = await shapeOf(job, settings)
  if (!shape.ok) return shape
  const jobs = await openJobs(layoutOf(job.folder).jobs, job.run)
  if (!jobs.ok) return jobs
  const places = sharedPlaces(job, settings, jobs.value.output)
  return places.ok ? done({ job, settings, ...shape.value, places: places.value }) : places
}

function refusal(job: TrainingJob): Failure | null {
  const { recipe, dataset } = job
  if (recipe.method !== 'full')
    return unsupported(`method: ${recipe.method}`, 'slime trains all weights: set method to full')
  if (recipe.precision !== 'bf16') {
    return unsupported(
      'precision: fp32',
      'slime computes in bf16 and keeps fp32 weights in the optimiser: set precision to bf16',
    )
  }
  if (recipe.earlyStopping !== undefined) {
    return unsupported('earlyStopping', 'slime measures no held-out loss while it trains: leave earlyStopping out')
  }
  if (recipe.warmup >= 1) return unsupported('warmup: 1', 'Megatron wants a warm-up that is shorter than the run')
  if ((recipe.finalLearningRate ?? 0) > recipe.learningRate) {
    return unsupported('finalLearningRate', 'Megatron wants it to be at most learningRate')
  }
  const mute = dataset.samples.find(({ labels }) => trainableTokens(labels) === 0)
  if (mute !== undefined) {
    const message = `the sample ${mute.id} has no token that trains, which slime cannot take`
    return {
      kind: 'input',
      code: 'dataset.nothing-trains',
      message,
      remedy: 'leave it out and build the dataset again',
    }
  }
  const last = (batchesOf(job).at(-1) ?? []).map((row) => trainableTokens(dataset.samples[row]?.labels ?? []))
  if (last.reduce((sum, each) => sum + each, 0) < recipe.batchSize) {
    return unsupported(
      `batchSize: ${String(recipe.batchSize)}`,
      'the last step has fewer trained tokens than that, and slime wants as many pieces: lower batchSize',
    )
  }
  if (recipe.warmup === 0 || stepsOfJob(job) > 1) return null
  return unsupported('a warm-up and one step', "Megatron's warm-up begins at a learning rate of 0: set warmup to 0")
}

const unsupported = (what: string, remedy: string): Failure => ({
  kind: 'input',
  code: 'recipe.unsupported',
  message: `slime cannot follow a recipe with ${what}`,
  remedy,
})

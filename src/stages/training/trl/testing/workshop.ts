/** For tests that train a tiny model in the real Python environment. */
import path from 'node:path'
import { done, unwrap, type Recipe, type Result, type Sample } from '../../../../nouns/index.js'
import type { TrainedModel, TrainingEngine, TrainingEvent, TrainingJob } from '../../engine.js'
import { samples, sha256, tinyJob, tinyModel } from '../../local/testing/tiny-model.js'
import { trlEngine } from '../engine.js'
import { layoutOf } from '../layout.js'
import type { Runtime } from '../run.js'

/** Ten times what a test takes on an idle machine: other test files train beside these. */
export const PATIENCE = 600_000

export const HELD_OUT = samples([35, 22, 48, 27], 500)

/** Every option at once: batches that span epochs, accumulation, a floor of the learning rate. */
export const WHOLE = {
  epochs: 3,
  microBatch: 2,
  batchSize: 6,
  finalLearningRate: 0.0003,
  adam: { beta1: 0.9, beta2: 0.98 },
}

/** What trains the tiny model that lies in `<root>/base`. */
export interface Workshop {
  readonly at: Runtime
  readonly root: string
  job(run: string, data: readonly Sample[], recipe: Partial<Recipe>, heldOut?: readonly Sample[]): TrainingJob
  engine(): TrainingEngine
  train(job: TrainingJob, onEvent?: (event: TrainingEvent) => void): Promise<Result<TrainedModel>>
  /** Beside each other: most of what so small a run takes is starting Python, on one core. */
  trainAll(jobs: readonly TrainingJob[]): Promise<readonly TrainedModel[]>
}

export async function openWorkshop(): Promise<Workshop> {
  const { at, root } = await tinyModel('limi trl ü-')
  const environment = async () => done({ ...at.environment, versions: {} })
  const engine = () => trlEngine({ cacheRoot: path.join(root, 'cache'), environment })
  const train: Workshop['train'] = async (job, onEvent = () => undefined) => {
    unwrap(await engine().prepare(job))
    return engine().run(job, { onEvent })
  }
  return {
    at,
    root,
    engine,
    job: (run, data, recipe, heldOut) => tinyJob({ root, run, data, recipe, heldOut }),
    train,
    trainAll: (jobs) => Promise.all(jobs.map(async (job) => unwrap(await train(job)))),
  }
}

export const weightsOf = (job: TrainingJob): Promise<string> =>
  sha256(path.join(layoutOf(job.folder).model, 'model.safetensors'))

/** For tests that train a tiny model in the real Python environment. */
import path from 'node:path'
import { done, unwrap, type Recipe, type Result, type Sample } from '../../../../nouns/index.js'
import type { TrainedModel, TrainingEngine, TrainingEvent, TrainingJob } from '../../engine.js'
import { sha256, tinyJob, tinyModel } from '../../local/testing/tiny-model.js'
import { trlEngine } from '../engine.js'
import { layoutOf } from '../layout.js'
import type { Runtime } from '../run.js'

/** What trains the tiny model that lies in `<root>/base`. */
export interface Workshop {
  readonly at: Runtime
  readonly root: string
  job(run: string, data: readonly Sample[], recipe: Partial<Recipe>, heldOut?: readonly Sample[]): TrainingJob
  engine(): TrainingEngine
  train(job: TrainingJob, onEvent?: (event: TrainingEvent) => void): Promise<Result<TrainedModel>>
}

export async function openWorkshop(): Promise<Workshop> {
  const { at, root } = await tinyModel('limi trl ü-')
  const environment = async () => done({ ...at.environment, versions: {} })
  const engine = () => trlEngine({ cacheRoot: path.join(root, 'cache'), environment })
  return {
    at,
    root,
    engine,
    job: (run, data, recipe, heldOut) => tinyJob({ root, run, data, recipe, heldOut }),
    async train(job, onEvent = () => undefined) {
      unwrap(await engine().prepare(job))
      return engine().run(job, { onEvent })
    },
  }
}

export const weightsOf = (job: TrainingJob): Promise<string> =>
  sha256(path.join(layoutOf(job.folder).model, 'model.safetensors'))

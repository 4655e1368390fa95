import type { TrainingJob } from '../engine.js'

/** Files as the service knows them. */
interface Files {
  readonly model: string
  readonly key: string
  readonly trainingFile?: string
  readonly validationFile?: string
}

/** How often each sample is seen, where that is a whole number, which is all that a service takes; null where not. */
export function wholeEpochs({ recipe, dataset }: TrainingJob): number | null {
  const epochs = recipe.epochs ?? ((recipe.steps ?? 0) * recipe.batchSize) / dataset.samples.length
  return Number.isInteger(epochs) && epochs >= 1 ? epochs : null
}

/** OpenAI's `CreateFineTuningJobRequest` (API specification 2.3.0). */
export function requestOf(job: TrainingJob, files: Files, learningRateMultiplier?: number): Record<string, unknown> {
  const { recipe, run } = job
  const hyperparameters = {
    n_epochs: wholeEpochs(job),
    batch_size: recipe.batchSize,
    ...(learningRateMultiplier !== undefined && { learning_rate_multiplier: learningRateMultiplier }),
  }
  return {
    model: files.model,
    training_file: files.trainingFile ?? 'TRAINING_FILE_ID',
    ...(job.heldOut && { validation_file: files.validationFile ?? 'VALIDATION_FILE_ID' }),
    method: { type: 'supervised', supervised: { hyperparameters } },
    seed: recipe.seed,
    suffix: suffixOf(run),
    metadata: { limi_run: run, limi_key: files.key },
  }
}

/** At most 64 characters there; only a name for people, since the key says whose job it is. */
const suffixOf = (run: string): string => `limi-${run.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}`.slice(0, 40)

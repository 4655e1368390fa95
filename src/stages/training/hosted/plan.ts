import { done, failed, type Failure, type Recipe, type Result } from '../../../nouns/index.js'
import type { TrainingJob, TrainingPlan } from '../engine.js'
import { plural } from '../../../shared/report/index.js'
import { samplesSeen, stepsOfJob } from '../steps.js'
import { wholeEpochs } from './request.js'

export interface PlanOptions {
  readonly learningRateMultiplier?: number
  /** Per million trained tokens, in the currency the user thinks in. */
  readonly price?: number
}

const EXAMPLES = 10

/** What a service does with this recipe, and what of it has no place in a request for a job. */
export function planHosted(job: TrainingJob, options: PlanOptions): Result<TrainingPlan> {
  const epochs = wholeEpochs(job)
  if (epochs === null) return failed(noEpochs(job))
  const { dataset, recipe, heldOut } = job
  const samples = samplesSeen(recipe, dataset.samples.length)
  const each = dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0) / dataset.samples.length
  const tokens = Math.round(each * samples)
  const estimate = { steps: stepsOfJob(job), samples, tokens, seconds: null, memoryBytes: null }
  const notes = [
    'the service renders and tokenises the messages by a template of its own: ids and masks of the dataset are not carried, only which message trains (weight); reasoning has no place there',
    `sent: ${epochs} epochs, batches of ${recipe.batchSize}, seed ${recipe.seed}; how batches are cut at the end of an epoch is the service's own, so its steps may be others`,
    rateNote(recipe, options.learningRateMultiplier),
    `not carried: ${notCarried(recipe).join(', ')}`,
    `it cannot be gone on with: the service keeps its own checkpoints; a job goes on when limi is stopped, and \`limi train stop ${job.run}\` cancels it`,
    costNote(tokens, options.price),
    ...(heldOut === undefined ? [] : ['the held-out loss is what the service measures, at times of its own']),
    ...(dataset.samples.length < EXAMPLES
      ? [`OpenAI asks for ${EXAMPLES} examples at least, and these are ${dataset.samples.length}`]
      : []),
  ]
  return done({ estimate, notes })
}

function rateNote({ learningRate }: Recipe, multiplier: number | undefined): string {
  const instead =
    multiplier === undefined ? 'the service chooses its own' : `learning_rate_multiplier ${multiplier} is sent`
  return `the recipe's learning rate of ${learningRate} has no place, since services take a multiple of their own rate: ${instead}`
}

const costNote = (tokens: number, price: number | undefined): string =>
  price === undefined
    ? `the service charges for about ${tokens} tokens, as the dataset's own tokenizer counts them; no price is known here`
    : `costs about ${((tokens / 1_000_000) * price).toFixed(2)}: ${tokens} tokens, as the dataset's own tokenizer counts them, at ${price} a million`

function notCarried(recipe: Recipe): readonly string[] {
  const { method, lora, precision, schedule, finalLearningRate, warmup, weightDecay, adam } = recipe
  return [
    lora === undefined
      ? `method ${method}`
      : `method ${method} with rank ${lora.rank}, alpha ${lora.alpha}, dropout ${lora.dropout}`,
    `precision ${precision}`,
    `schedule ${schedule}`,
    ...(finalLearningRate === undefined ? [] : [`finalLearningRate ${finalLearningRate}`]),
    `warmup ${warmup}`,
    `weightDecay ${weightDecay}`,
    ...(adam === undefined ? [] : [`adam ${adam.beta1}/${adam.beta2}`]),
    ...(recipe.microBatch === undefined ? [] : [`microBatch ${recipe.microBatch}`]),
    ...(recipe.gradientCheckpointing === undefined ? [] : ['gradientCheckpointing']),
    ...(recipe.earlyStopping === undefined ? [] : [`earlyStopping after ${recipe.earlyStopping.patience}`]),
    `saveEvery ${recipe.saveEvery}`,
  ]
}

const noEpochs = ({ recipe, dataset }: TrainingJob): Failure => ({
  kind: 'input',
  code: 'recipe.unsupported',
  message:
    recipe.epochs === undefined
      ? `${plural(recipe.steps ?? 0, 'step')} of ${recipe.batchSize} on ${plural(dataset.samples.length, 'sample')} are no whole number of epochs, and a service takes only those`
      : `a service takes a whole number of epochs only, and these are ${recipe.epochs}`,
  where: 'recipe',
  remedy: 'give a whole number of epochs',
})

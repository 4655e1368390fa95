import { done, type Result } from '../../../nouns/index.js'
import type { TrainingJob, TrainingPlan } from '../engine.js'
import { samplesSeen, stepsOfJob } from '../steps.js'
import { batchesOf } from './batches.js'
import { shapeOf, type Shape } from './launch.js'
import { bytesPerGpu, countParameters } from './memory.js'
import type { Settings } from './options.js'

/** What a run will do. Refuses what slime cannot follow: `recipe.unsupported`, `slime.*`. */
export async function planSlime(job: TrainingJob, settings: Settings): Promise<Result<TrainingPlan>> {
  const shape = await shapeOf(job, settings)
  if (!shape.ok) return shape
  const { model, layout } = shape.value
  const estimate = {
    steps: stepsOfJob(job),
    samples: samplesSeen(job.recipe, job.dataset.samples.length),
    tokens: tokensAfterSteps(job).at(-1) ?? 0,
    seconds: null,
    memoryBytes: bytesPerGpu(countParameters(model.config), layout),
  }
  return done({ estimate, notes: [...stepNotes(job), ...shapeNotes(job, shape.value, settings), ...limitNotes(job)] })
}

/** Tokens that the optimiser has seen after each step, padding and repeated prefixes left out. */
export function tokensAfterSteps(job: TrainingJob): readonly number[] {
  const lengths = job.dataset.samples.map(({ input_ids: ids }) => ids.length)
  let tokens = 0
  return batchesOf(job).map((rows) => {
    tokens += rows.reduce((sum, row) => sum + (lengths[row] ?? 0), 0)
    return tokens
  })
}

function stepNotes(job: TrainingJob): readonly string[] {
  const { recipe, dataset } = job
  const [rows, batch, steps] = [dataset.samples.length, recipe.batchSize, stepsOfJob(job)]
  const notes: string[] = []
  if (recipe.epochs !== undefined) {
    const seen = samplesSeen(recipe, rows)
    const last = seen - (steps - 1) * batch
    const alone = Math.floor(rows / batch) * recipe.epochs
    const twice = Math.floor((2 * rows) / batch) * recipe.epochs
    notes.push(
      `${n(rows)} samples × ${n(recipe.epochs)} epochs = ${n(seen)}, in batches of ${n(batch)}: ${n(steps)} steps, the last with ${n(last)}`,
      `slime by itself counts whole batches of one epoch, floor(${n(rows)}/${n(batch)}) × ${n(recipe.epochs)} = ${n(alone)} steps; it is given --num-rollout ${n(steps)} and the rows of each step`,
      `the paper's scripts write each row twice: ${n(2 * rows)} rows are floor(${n(2 * rows)}/${n(batch)}) × ${n(recipe.epochs)} = ${n(twice)} steps of slime, so that each sample is seen ${n(round((twice * batch) / rows))} times; no row is repeated here`,
    )
  }
  if (recipe.warmup > 0) {
    notes.push("Megatron's warm-up begins at a learning rate of 0: the first step moves no weight")
  }
  return notes
}

function shapeNotes(job: TrainingJob, { model, layout }: Shape, settings: Settings): readonly string[] {
  const spread = `tensor ${n(layout.tensor)}, pipeline ${n(layout.pipeline)}, context ${n(layout.context)}, expert ${n(layout.expert)}`
  const from = layout.source === null ? 'as you gave it' : `as in ${layout.source}`
  const room = layout.tokens * layout.context
  const longest = job.dataset.samples.reduce((most, { input_ids: ids }) => Math.max(most, ids.length), 0)
  const tooLong = job.dataset.samples.filter(({ input_ids: ids }) => ids.length > room).length
  const optimiser = layout.offload ? 'the optimiser in main memory' : "the optimiser's share"
  return [
    `${model.script} on ${n(settings.nodes)} × ${n(settings.gpusPerNode)} GPUs: ${spread}, ${from}`,
    `memory is that of weights and gradients on one GPU, ${optimiser}; activations of up to ${n(layout.tokens)} tokens a GPU come on top and are not estimated`,
    ...(tooLong === 0
      ? []
      : [
          `${n(tooLong)} samples, the longest of ${n(longest)} tokens, are longer than the ${n(room)} that ${n(layout.context)} GPUs hold by this layout; slime trains each alone in a micro-batch, and memory may run out`,
        ]),
  ]
}

function limitNotes({ recipe, heldOut }: TrainingJob): readonly string[] {
  return [
    ...(heldOut === undefined ? [] : [`slime measures no loss on ${heldOut.id} while it trains`]),
    ...(recipe.microBatch === undefined ? [] : ['microBatch is not used: slime packs micro-batches by tokens']),
    'no GPU was there when this engine was built: its data path and its jobs are tested, no training by slime was ever run with it (docs/training/slime.md)',
  ]
}

const n = (value: number): string => value.toLocaleString('en-GB')
const round = (value: number): number => Math.round(value * 100) / 100

import { done, type Result } from '../../../nouns/index.js'
import type { TrainingJob, TrainingPlan } from '../engine.js'
import { plural } from '../../../shared/report/index.js'
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
  const warmUp = "Megatron's warm-up begins at a learning rate of 0: the first step moves no weight"
  const seen = samplesSeen(recipe, rows)
  const last = seen - (steps - 1) * batch
  const here = `${plural(rows, 'sample')}, seen ${n(round(seen / rows))} times in batches of ${n(batch)}: ${plural(steps, 'step')}, the last of ${n(last)}`
  return [here, ...epochNotes(recipe.epochs, rows, batch), ...(recipe.warmup > 0 ? [warmUp] : [])]
}

/** What slime would make of the same epochs, which it counts as whole numbers. */
function epochNotes(epochs: number | undefined, rows: number, batch: number): readonly string[] {
  if (epochs === undefined || !Number.isInteger(epochs)) return []
  const [alone, twice] = [Math.floor(rows / batch) * epochs, Math.floor((2 * rows) / batch) * epochs]
  return [
    `slime by itself counts whole batches of one epoch: floor(${n(rows)}/${n(batch)}) × ${n(epochs)} = ${plural(alone, 'step')}; here it is given the number of steps and the rows of each`,
    `the paper's scripts write each row twice: floor(${n(2 * rows)}/${n(batch)}) × ${n(epochs)} = ${plural(twice, 'step')} of slime, which see each sample ${n(round((twice * batch) / rows))} times; no row is repeated here`,
  ]
}

function shapeNotes(job: TrainingJob, { model, layout }: Shape, settings: Settings): readonly string[] {
  const spread = `tensor ${n(layout.tensor)}, pipeline ${n(layout.pipeline)}, context ${n(layout.context)}, expert ${n(layout.expert)}`
  const from = layout.source === null ? 'as you gave it' : `as in ${layout.source}`
  const optimiser = layout.offload ? 'the optimiser is in main memory' : "and of the optimiser's share"
  return [
    `${model.script} on ${n(settings.nodes)} × ${n(settings.gpusPerNode)} GPUs: ${spread}, ${from}`,
    `memory is that of weights and gradients on one GPU, ${optimiser}; activations of up to ${n(layout.tokens)} tokens a GPU come on top and are not estimated`,
    ...lengthNotes(job, layout),
  ]
}

function lengthNotes({ dataset }: TrainingJob, layout: Shape['layout']): readonly string[] {
  const room = layout.tokens * layout.context
  const lengths = dataset.samples.map(({ input_ids: ids }) => ids.length)
  const longest = lengths.reduce((most, each) => Math.max(most, each), 0)
  if (longest <= room) return []
  const tooLong = plural(lengths.filter((each) => each > room).length, 'sample')
  return [
    `of this layout one copy of the model holds ${n(room)} tokens at once; ${tooLong} of more, the longest of ${n(longest)}, train each alone in a micro-batch, and memory may run out`,
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

import { z } from 'zod'
import { Manifest } from './made.js'

/** Who trains; `stages/training/registry.ts` has a line for each. */
export const EngineName = z.enum(['trl', 'slime', 'llamafactory', 'hosted'])
export type EngineName = z.infer<typeof EngineName>

/** What a command or a plan may set in place of a recipe's own; no defaults, since these would replace what the recipe says. */
export const RecipeOverrides = z
  .strictObject({
    /** `qlora`: adapters on a base whose weights are held in 4 bits. */
    method: z.enum(['full', 'lora', 'qlora']),
    lora: z
      .strictObject({
        rank: z.number().int().positive(),
        alpha: z.number().positive(),
        dropout: z.number().min(0).max(1).default(0),
      })
      .optional(),
    precision: z.enum(['fp32', 'bf16']),
    learningRate: z.number().positive(),
    schedule: z.enum(['cosine', 'linear', 'constant']),
    /** Where the schedule ends; 0 where absent. */
    finalLearningRate: z.number().nonnegative().optional(),
    /** Share of the steps, 0–1. */
    warmup: z.number().min(0).max(1),
    weightDecay: z.number().nonnegative(),
    /** Adam's decay rates of the first and the second moment. */
    adam: z.strictObject({ beta1: z.number().min(0).lt(1), beta2: z.number().min(0).lt(1) }).optional(),
    /** Samples of one optimiser step, over all devices. */
    batchSize: z.number().int().positive(),
    /** Samples that one device holds at once; the rest of the batch is accumulated. The whole batch where absent. */
    microBatch: z.number().int().positive().optional(),
    /** Optimiser steps; 0 gives the base model back. In place of `epochs`. */
    steps: z.number().int().nonnegative().optional(),
    /** How often each sample is seen. A batch may span epochs: the steps are samples × epochs / batchSize, rounded up. In place of `steps`. */
    epochs: z.number().positive().optional(),
    /** Recompute activations in the backward pass: less memory, more time. */
    gradientCheckpointing: z.boolean().optional(),
    /** Stop after so many epochs without a lower loss on the held-out dataset, and keep the best. */
    earlyStopping: z.strictObject({ patience: z.number().int().positive() }).optional(),
    /** Steps between two checkpoints to resume from. */
    saveEvery: z.number().int().positive(),
    seed: z.number().int().nonnegative(),
  })
  .partial()
export type RecipeOverrides = z.infer<typeof RecipeOverrides>

/** How to train: engine-neutral; an engine refuses what it cannot do. Optional fields that are absent keep the engine's own default. */
export const Recipe = RecipeOverrides.required({
  method: true,
  learningRate: true,
  schedule: true,
  warmup: true,
  batchSize: true,
})
  .extend({
    format: z.literal('limi.recipe/1').default('limi.recipe/1'),
    name: z.string(),
    precision: z.enum(['fp32', 'bf16']).default('fp32'),
    weightDecay: z.number().nonnegative().default(0),
    saveEvery: z.number().int().positive().default(20),
    seed: z.number().int().nonnegative().default(0),
  })
  .refine(({ steps, epochs }) => (steps === undefined) !== (epochs === undefined), {
    path: ['steps'],
    message: 'give either steps or epochs',
  })
export type Recipe = z.infer<typeof Recipe>

export const LossPoint = z.object({ step: z.number().int(), loss: z.number(), learningRate: z.number().optional() })
export type LossPoint = z.infer<typeof LossPoint>

/** What a run was expected to take; null where nothing is known to go by. */
export const TrainingEstimate = z.object({
  steps: z.number().int(),
  /** Samples that the optimiser sees, each as often as it sees it. */
  samples: z.number().int(),
  tokens: z.number().int(),
  seconds: z.number().nullable(),
  memoryBytes: z.number().nullable(),
})
export type TrainingEstimate = z.infer<typeof TrainingEstimate>

/** `training/<run>/manifest.json`: a trained model and all that is needed to train it again. */
export const Checkpoint = Manifest.extend({
  kind: z.literal('checkpoint'),
  engine: z.string(),
  base: z.object({ name: z.string(), digest: z.string() }),
  dataset: z.object({ id: z.string(), digest: z.string(), proof: z.literal('ok') }),
  recipe: Recipe,
  steps: z.number().int(),
  /** Tokens seen by the optimiser, padding left out. */
  tokens: z.number().int(),
  seconds: z.number(),
  loss: z.array(LossPoint),
  /** Loss on the held-out dataset, by the step after which it was measured. */
  heldOutLoss: z.array(LossPoint).optional(),
  heldOut: z.object({ id: z.string(), digest: z.string() }).optional(),
  /** What was said before it ran, beside what came out; see `TrainingEstimate`. */
  estimate: TrainingEstimate.optional(),
  /** The engine's process at its peak, where the engine says it. */
  memoryBytes: z.number().optional(),
  hardware: z.record(z.string(), z.unknown()),
  /** Folder with the weights, relative to the run's folder; absent where a service keeps them. */
  path: z.string().optional(),
  /** Where a service keeps the weights: the model's name there, at an API with OpenAI's endpoints. */
  hosted: z
    .object({
      baseUrl: z.string(),
      model: z.string(),
      job: z.string(),
      /** The environment variable that holds its key, never the key. */
      apiKeyEnv: z.string().optional(),
    })
    .optional(),
})
export type Checkpoint = z.infer<typeof Checkpoint>

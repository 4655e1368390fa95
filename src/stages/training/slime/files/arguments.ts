import type { Recipe } from '../../../../nouns/index.js'
import type { ChosenLayout } from '../models.js'

export type Argument = string | readonly [string, string | number]

/** slime's arguments for its data: our own rollout function, and exactly our steps. */
export const dataArguments = (recipe: Recipe, steps: number): readonly Argument[] => [
  ['--rollout-function-path', 'limi_rollout.generate_rollout'],
  // The rollout function reads the samples itself, so that slime neither tokenises nor orders them.
  '--disable-rollout-global-dataset',
  ['--num-rollout', steps],
  ['--rollout-batch-size', recipe.batchSize],
  ['--global-batch-size', recipe.batchSize],
  ['--loss-type', 'sft_loss'],
  // The mean over all trained tokens of a step, not over samples.
  '--calculate-per-token-loss',
  '--disable-compute-advantages-and-returns',
  '--debug-train-only',
]

/** Megatron's optimiser and schedule. */
export const optimiserArguments = (recipe: Recipe, layout: ChosenLayout): readonly Argument[] => [
  ['--optimizer', 'adam'],
  ['--lr', recipe.learningRate],
  ['--min-lr', recipe.finalLearningRate ?? 0],
  ['--lr-decay-style', recipe.schedule],
  ['--lr-warmup-fraction', recipe.warmup],
  ['--weight-decay', recipe.weightDecay],
  ...(recipe.adam === undefined
    ? []
    : ([
        ['--adam-beta1', recipe.adam.beta1],
        ['--adam-beta2', recipe.adam.beta2],
      ] as const)),
  ...(layout.offload
    ? ['--optimizer-cpu-offload', '--overlap-cpu-optimizer-d2h-h2d', '--use-precision-aware-optimizer']
    : []),
]

/** How the model is spread, and how micro-batches are packed. */
export const performanceArguments = (recipe: Recipe, layout: ChosenLayout): readonly Argument[] => [
  ['--tensor-model-parallel-size', layout.tensor],
  '--sequence-parallel',
  ['--pipeline-model-parallel-size', layout.pipeline],
  ['--context-parallel-size', layout.context],
  ['--expert-model-parallel-size', layout.expert],
  ['--expert-tensor-parallel-size', 1],
  ...(recipe.gradientCheckpointing === false
    ? []
    : ([
        ['--recompute-granularity', 'full'],
        ['--recompute-method', 'uniform'],
        ['--recompute-num-layers', 1],
      ] as const)),
  '--use-dynamic-batch-size',
  ['--max-tokens-per-gpu', layout.tokens],
]

export const otherArguments = (recipe: Recipe): readonly Argument[] => [
  ['--seed', recipe.seed],
  // Megatron's default is 0.1.
  ['--attention-dropout', '0.0'],
  ['--hidden-dropout', '0.0'],
  '--accumulate-allreduce-grads-in-fp32',
  '--attention-softmax-in-fp32',
  ['--attention-backend', 'flash'],
]

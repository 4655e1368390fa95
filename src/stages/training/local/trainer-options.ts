import type { Recipe } from '../../../nouns/index.js'

/** A recipe in the words of transformers' `TrainingArguments`, which both engines' YAML is made of. */
export const trainerOptions = (recipe: Recipe): Record<string, unknown> => ({
  learning_rate: recipe.learningRate,
  ...schedule(recipe),
  weight_decay: recipe.weightDecay,
  ...(recipe.adam && { adam_beta1: recipe.adam.beta1, adam_beta2: recipe.adam.beta2 }),
  bf16: recipe.precision === 'bf16',
  seed: recipe.seed,
  data_seed: recipe.seed,
  logging_steps: 1,
  logging_nan_inf_filter: false,
  report_to: 'none',
})

function schedule({ schedule: shape, finalLearningRate: final = 0 }: Recipe): Record<string, unknown> {
  if (shape === 'constant') return { lr_scheduler_type: 'constant_with_warmup' }
  if (final === 0) return { lr_scheduler_type: shape }
  // Of the two cosines with a floor this one reaches it at the last step, and its first step of warm-up is not at 0.
  return shape === 'cosine'
    ? { lr_scheduler_type: 'cosine_warmup_with_min_lr', lr_scheduler_kwargs: { min_lr: final } }
    : { lr_scheduler_type: 'polynomial', lr_scheduler_kwargs: { lr_end: final, power: 1 } }
}

/** As a comment of YAML. */
export const commented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `#${line}`))
    .join('\n')

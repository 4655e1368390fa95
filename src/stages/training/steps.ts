import type { Recipe } from '../../nouns/index.js'
import type { TrainingJob } from './engine.js'

/** Optimiser steps of a recipe on so many samples, where a batch may span epochs and the last one may be smaller. */
export function stepsOf(recipe: Recipe, samples: number): number {
  return recipe.steps ?? Math.ceil(samplesSeen(recipe, samples) / recipe.batchSize)
}

/** The same of a job. */
export const stepsOfJob = ({ recipe, dataset }: TrainingJob): number => stepsOf(recipe, dataset.samples.length)

/** Samples that the optimiser sees, each as often as it sees it. */
export function samplesSeen({ steps = 0, epochs, batchSize }: Recipe, samples: number): number {
  return epochs === undefined ? steps * batchSize : Math.floor(samples * epochs + 0.5)
}

/** Epochs completed after so many steps of a recipe in epochs; the last epoch may be a part of one. */
export function epochsAfter(step: number, { recipe, dataset }: TrainingJob): number {
  const samples = dataset.samples.length
  return Math.min(step * recipe.batchSize, samplesSeen(recipe, samples)) / samples
}

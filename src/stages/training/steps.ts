import type { Recipe } from '../../nouns/index.js'
import type { TrainingJob } from './engine.js'

/** Optimiser steps of a recipe on so many samples, where a batch may span epochs and the last one may be smaller. */
export function stepsOf({ steps, epochs = 0, batchSize }: Recipe, samples: number): number {
  return steps ?? Math.ceil((samples * epochs) / batchSize)
}

/** The same of a job. */
export const stepsOfJob = ({ recipe, dataset }: TrainingJob): number => stepsOf(recipe, dataset.samples.length)

/** Samples that the optimiser sees, each as often as it sees it. */
export function samplesSeen({ steps = 0, epochs, batchSize }: Recipe, samples: number): number {
  return epochs === undefined ? steps * batchSize : Math.round(samples * epochs)
}

import type { Failure, Recipe } from '../../../nouns/index.js'

/** Why no engine on a machine with so many GPUs can follow this recipe; null where one may. */
export function refusalHere({ method, schedule, learningRate, finalLearningRate = 0 }: Recipe, gpus: number) {
  if (finalLearningRate > 0 && schedule === 'constant') {
    return unsupported('a constant schedule has no finalLearningRate', 'use schedule cosine or linear, or leave it out')
  }
  if (finalLearningRate > learningRate) {
    return unsupported('finalLearningRate is above learningRate', 'lower finalLearningRate')
  }
  if (method !== 'qlora' || gpus > 0) return null
  return unsupported(
    'method qlora holds the base in 4 bits by bitsandbytes, which needs an NVIDIA GPU; none is here',
    'use a LoRA recipe here, or run it on a machine with an NVIDIA GPU',
  )
}

export const unsupported = (message: string, remedy: string): Failure => ({
  kind: 'input',
  code: 'recipe.unsupported',
  message,
  where: 'recipe',
  remedy,
})

import type { Recipe } from '../../../../nouns/index.js'
import type { ModelShape } from '../../local/index.js'

/** What a micro-batch is padded to: the mean over random draws of the longest of `atOnce` samples, and of its square. */
export interface Padded {
  readonly longest: number
  readonly squared: number
}

/**
 * E[max] of `atOnce` samples drawn without return: in order of length, the i-th is the longest with probability
 * C(i−1, m−1) / C(n, m), which is taken from the longest down.
 */
export function paddedOf(lengths: readonly number[], atOnce: number): Padded {
  const sorted = [...lengths].sort((a, b) => b - a)
  const draws = Math.min(atOnce, sorted.length)
  let [left, longest, squared] = [1, 0, 0]
  for (const [index, length] of sorted.entries()) {
    const probability = left * Math.min(1, draws / (sorted.length - index))
    longest += probability * length
    squared += probability * length * length
    left -= probability
  }
  return { longest, squared }
}

/** Passes over the weights: 2 FLOP a parameter and token forward, twice that backward (Kaplan et al. 2020, arXiv 2001.08361). */
const FORWARD = 2

/** Frozen weights need no gradient of their own; recomputing activations costs another pass forward. */
function passes({ method, gradientCheckpointing }: Recipe): number {
  const backward = method === 'full' ? 2 : 1
  return 1 + backward + (gradientCheckpointing === true ? 1 : 0)
}

/**
 * FLOP of one micro-batch of `atOnce` samples. Attention adds 4·layers·hidden·length² forward (PaLM, arXiv 2204.02311, appendix B), halved
 * since a token sees only what is before it; it has no weights, so its backward pass is whole for adapters too.
 */
export function flopsOfMicroBatch(shape: ModelShape, recipe: Recipe, atOnce: number, padded: Padded): number {
  const recomputed = recipe.gradientCheckpointing === true ? 1 : 0
  const weights = FORWARD * shape.active * padded.longest * passes(recipe)
  const attention = FORWARD * shape.layers * shape.hidden * padded.squared * (3 + recomputed)
  return atOnce * (weights + attention)
}

/** The same without gradients, for one held-out sample after another. */
export function flopsOfMeasuring(shape: ModelShape, lengths: readonly number[]): number {
  return lengths.reduce(
    (sum, length) => sum + FORWARD * (shape.active * length + shape.layers * shape.hidden * length * length),
    0,
  )
}

/** PyTorch, transformers and TRL in memory before the model: measured with TRL 1.16 on a CPU. */
const LIBRARIES = 0.9e9
/** Weights, gradient and two Adam moments, 4 bytes each. */
const TRAINED_BYTES = 16
/** 4 bits, and the constants of double quantisation (QLoRA, arXiv 2305.14314). */
const QUANTISED_BYTES = 0.52

/** Bytes at the peak: what stays, and what the longest micro-batch there may be adds. */
export function memoryOf(shape: ModelShape, recipe: Recipe, atOnce: number, longest: number): number {
  const tokens = atOnce * longest
  return LIBRARIES + statesOf(shape, recipe) + activationsOf(shape, recipe, tokens) + outputOf(shape, tokens)
}

function statesOf({ parameters, linearEdges }: ModelShape, { method, precision, lora }: Recipe): number {
  if (method === 'full') return parameters * TRAINED_BYTES
  const frozen = method === 'qlora' ? QUANTISED_BYTES : precision === 'bf16' ? 2 : 4
  return parameters * frozen + (lora?.rank ?? 0) * linearEdges * TRAINED_BYTES
}

/**
 * 34·hidden bytes a token and layer in 16 bits, without attention's matrix, which is not kept; with recomputation only each layer's input
 * and one layer at a time (Korthikanti et al. 2022, arXiv 2205.05198, equation 2 and section 5).
 */
function activationsOf({ layers, hidden }: ModelShape, recipe: Recipe, tokens: number): number {
  const width = recipe.precision === 'bf16' ? 1 : 2
  const layer = 34 * hidden * width
  return tokens * (recipe.gradientCheckpointing === true ? layers * 2 * hidden * width + layer : layers * layer)
}

/** Tokens and words of a tile of the output layer in TRL 1.16 (`chunked_logprob.py`), and how many copies of it were measured on a CPU. */
const TILE = { tokens: 4096, words: 32_768, copies: 8 }

const outputOf = ({ vocabulary }: ModelShape, tokens: number): number =>
  4 * TILE.copies * Math.min(tokens, TILE.tokens) * Math.min(vocabulary, TILE.words)

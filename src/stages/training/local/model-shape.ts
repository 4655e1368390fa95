import path from 'node:path'
import { z } from 'zod'
import { readJson } from '../../../shared/project/index.js'
import { tensorsIn, type Tensor } from './safetensors.js'

/** What a model costs, read from its folder's config.json and the headers of its weights. */
export interface ModelShape {
  readonly parameters: number
  /** Parameters that a token is multiplied with: without an input embedding of its own, and of experts only those that are asked. */
  readonly active: number
  readonly layers: number
  readonly hidden: number
  readonly vocabulary: number
  /** Inputs and outputs of every linear layer, added: an adapter of rank r has r times as many parameters. */
  readonly linearEdges: number
}

const Dimensions = z.object({
  num_hidden_layers: z.number(),
  hidden_size: z.number(),
  vocab_size: z.number(),
  tie_word_embeddings: z.boolean().optional(),
  num_experts_per_tok: z.number().optional(),
  num_experts: z.number().optional(),
  n_routed_experts: z.number().optional(),
  num_local_experts: z.number().optional(),
})
type Dimensions = z.infer<typeof Dimensions>

/** Models that also see pictures keep the text's dimensions in a part of their own. */
const Config = z.union([Dimensions, z.object({ text_config: Dimensions })])

/** Null where the folder does not say it. */
export async function shapeOf(folder: string): Promise<ModelShape | null> {
  const [config, tensors] = [await readJson(path.join(folder, 'config.json'), Config), await tensorsIn(folder)]
  if (!config.ok || tensors === null) return null
  const dimensions = 'text_config' in config.value ? config.value.text_config : config.value
  return {
    parameters: sum(tensors.map(sizeOf)),
    active: sum(tensors.map((tensor) => sizeOf(tensor) * shareOf(tensor, dimensions, tensors))),
    layers: dimensions.num_hidden_layers,
    hidden: dimensions.hidden_size,
    vocabulary: dimensions.vocab_size,
    linearEdges: sum(tensors.filter(isLinear).map(({ shape }) => sum(shape))),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

const sizeOf = ({ shape }: Tensor): number => shape.reduce((product, each) => product * each, 1)

const isEmbedding = ({ name }: Tensor): boolean => /(^|\.)(embed_tokens|wte|word_embeddings)\.weight$/.test(name)
const isHead = ({ name }: Tensor): boolean => /(^|\.)lm_head\.weight$/.test(name)
const isLinear = (tensor: Tensor): boolean => tensor.shape.length === 2 && !isEmbedding(tensor) && !isHead(tensor)

/** An embedding is looked up; only where it is the output layer too is it multiplied with. */
function shareOf(tensor: Tensor, dimensions: Dimensions, all: readonly Tensor[]): number {
  if (isEmbedding(tensor)) return all.some(isHead) ? 0 : 1
  const experts = dimensions.num_experts ?? dimensions.n_routed_experts ?? dimensions.num_local_experts
  const isExpert = /\.experts\./.test(tensor.name)
  return isExpert && experts !== undefined ? (dimensions.num_experts_per_tok ?? experts) / experts : 1
}

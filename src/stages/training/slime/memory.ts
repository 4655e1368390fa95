import type { ChosenLayout, ModelConfig } from './models.js'

export interface ParameterCount {
  /** Of the routed experts, which are spread by the expert group. */
  readonly experts: number
  /** All others, which are spread by the tensor group. */
  readonly others: number
}

/**
 * Weights by a `config.json`: embeddings, attention, feed-forward layers, norms left out (below 0.01 %). Layers that predict
 * several tokens ahead are not counted, since slime does not train them here.
 */
export function countParameters(config: ModelConfig): ParameterCount {
  const { hidden_size: hidden, num_attention_heads: heads, num_hidden_layers: layers } = config
  const head = config.head_dim ?? hidden / heads
  const attention = 2 * hidden * heads * head + 2 * hidden * (config.num_key_value_heads ?? heads) * head
  const embeddings = config.vocab_size * hidden * (config.tie_word_embeddings === true ? 1 : 2)
  const routed = config.n_routed_experts ?? 0
  const dense = routed === 0 ? layers : (config.first_k_dense_replace ?? 0)
  const expert = 3 * hidden * (config.moe_intermediate_size ?? 0)
  const perSparse = expert * (config.n_shared_experts ?? 0) + hidden * routed
  const others = embeddings + layers * attention + dense * 3 * hidden * config.intermediate_size
  return { experts: (layers - dense) * routed * expert, others: others + (layers - dense) * perSparse }
}

/** bf16 weights, and gradients that are summed in fp32. */
const WEIGHT_AND_GRADIENT = 2 + 4
/** fp32 weights and two moments of Adam, shared by all copies of the model. */
const OPTIMISER = 12

/**
 * Bytes that one GPU holds of weights, gradients and, where it is not in main memory, the optimiser's state: 6 + 12/d bytes a
 * parameter with bf16 weights and fp32 gradients, d copies sharing the state (Megatron-LM, docs on its distributed optimizer).
 * Activations come on top: with full recomputation they grow with the tokens of a micro-batch and are not estimated.
 */
export function bytesPerGpu({ experts, others }: ParameterCount, layout: ChosenLayout): number {
  const { tensor, pipeline, context, expert, data, offload } = layout
  const copies = data * context
  const expertCopies = (tensor * context * data) / expert
  const state = (d: number): number => WEIGHT_AND_GRADIENT + (offload ? 0 : OPTIMISER / Math.max(1, d))
  const shared = (others / (tensor * pipeline)) * state(copies)
  const ofExperts = (experts / (expert * pipeline)) * state(expertCopies)
  return Math.round(shared + ofExperts)
}

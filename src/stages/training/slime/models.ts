import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { done, failed, type Result } from '../../../nouns/index.js'
import { readJson } from '../../../shared/project/index.js'

const A_SIZE = 'it is to be a whole number above 0'
const Size = z.number(A_SIZE).int(A_SIZE).positive(A_SIZE)

const KnownModel = z.object({
  script: z.string(),
  type: z.string(),
  hidden: Size,
  layers: Size,
  ropeTheta: z.number(),
})
export type KnownModel = z.infer<typeof KnownModel>

/** How a model is spread over GPUs; see layouts.yaml. */
export const Layout = z.strictObject({
  tensor: Size,
  pipeline: Size,
  context: Size,
  expert: Size,
  /** `--max-tokens-per-gpu`. */
  tokens: Size,
  offload: z.boolean('it is to be true or false'),
})
export type Layout = z.infer<typeof Layout>

const PublishedLayout = Layout.extend({ models: z.array(z.string()), gpus: Size, source: z.string() })

const Tables = z.object({ models: z.array(KnownModel), layouts: z.array(PublishedLayout) })
type Tables = z.infer<typeof Tables>

const FILE = path.join(path.dirname(fileURLToPath(import.meta.url)), 'layouts.yaml')
let read: Tables | undefined

/** What slime's and LIMI's own scripts say, from layouts.yaml; read when it is first asked for, not by every command. */
export function tables(): Tables {
  read ??= Tables.parse(parse(readFileSync(FILE, 'utf8')))
  return read
}

/** What is read of a Hugging Face `config.json`. */
const ModelConfig = z.looseObject({
  model_type: z.string(),
  hidden_size: Size,
  num_hidden_layers: Size,
  vocab_size: Size,
  intermediate_size: Size,
  num_attention_heads: Size,
  num_key_value_heads: Size.optional(),
  head_dim: Size.optional(),
  tie_word_embeddings: z.boolean().optional(),
  rope_theta: z.number().optional(),
  rope_parameters: z.looseObject({ rope_theta: z.number().optional() }).optional(),
  n_routed_experts: Size.optional(),
  n_shared_experts: z.number().int().nonnegative().optional(),
  moe_intermediate_size: Size.optional(),
  first_k_dense_replace: z.number().int().nonnegative().optional(),
})
export type ModelConfig = z.infer<typeof ModelConfig>

export interface BaseModel {
  /** Name of slime's model file. */
  readonly script: string
  readonly config: ModelConfig
}

/** Which of slime's models the weights in a folder are, by their shape. */
export async function baseModelOf(folder: string): Promise<Result<BaseModel>> {
  const where = path.join(folder, 'config.json')
  const config = await readJson(where, ModelConfig)
  if (!config.ok) return config
  const { model_type: type, hidden_size: hidden, num_hidden_layers: layers } = config.value
  const theta = config.value.rope_parameters?.rope_theta ?? config.value.rope_theta
  const fits = (each: KnownModel): boolean =>
    each.type === type &&
    each.hidden === hidden &&
    each.layers === layers &&
    each.ropeTheta === (theta ?? each.ropeTheta)
  const found = tables().models.find(fits)
  if (found !== undefined) return done({ script: found.script, config: config.value })
  const message = `no model file of slime is known for ${type} with ${String(layers)} layers of ${String(hidden)}`
  const remedy = `train one of ${tables()
    .models.map(({ script }) => script)
    .join(', ')}, or use another engine`
  return failed({ kind: 'input', code: 'slime.model-unknown', message, where, remedy })
}

export interface ChosenLayout extends Layout {
  /** Copies of the model that train side by side. */
  readonly data: number
  /** The published script that has it, or null where the user gave it. */
  readonly source: string | null
}

export interface Cluster {
  readonly nodes: number
  readonly gpusPerNode: number
  /** In place of the published one. */
  readonly layout?: Layout
}

/** The user's layout, or the published one for this model on this many GPUs. */
export function layoutFor(script: string, cluster: Cluster): Result<ChosenLayout> {
  const gpus = cluster.nodes * cluster.gpusPerNode
  const published = tables().layouts.find((each) => each.gpus === gpus && each.models.includes(script))
  const layout = cluster.layout ?? published
  if (layout === undefined) {
    const known = tables()
      .layouts.filter(({ models }) => models.includes(script))
      .map((each) => each.gpus)
    const message = `no published script spreads ${script} over ${String(gpus)} GPUs; known: ${known.join(', ')}`
    const remedy = 'choose other nodes and gpusPerNode, or give a layout of your own'
    return failed({ kind: 'input', code: 'slime.no-layout', message, remedy })
  }
  const group = layout.tensor * layout.pipeline * layout.context
  const experts = layout.expert * layout.pipeline
  if (gpus % group !== 0 || gpus % experts !== 0) {
    const message = `${String(gpus)} GPUs cannot be cut into groups of ${String(group)} and of ${String(experts)} for the experts`
    const remedy = 'make GPUs a multiple of tensor × pipeline × context and of expert × pipeline'
    return failed({ kind: 'input', code: 'slime.layout-invalid', message, remedy })
  }
  const { tensor, pipeline, context, expert, tokens, offload } = layout
  const source = cluster.layout === undefined ? (published?.source ?? null) : null
  return done({ tensor, pipeline, context, expert, tokens, offload, data: gpus / group, source })
}

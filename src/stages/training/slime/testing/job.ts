import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Recipe, type Sample } from '../../../../nouns/index.js'
import type { TrainingJob } from '../../engine.js'

/** Qwen3-8B's, as published. */
export const QWEN3_8B = {
  model_type: 'qwen3',
  hidden_size: 4096,
  num_hidden_layers: 36,
  vocab_size: 151936,
  intermediate_size: 12288,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  head_dim: 128,
  tie_word_embeddings: false,
  rope_theta: 1000000,
}

/** The paper's figures. */
const PAPER = {
  name: 'paper',
  method: 'full',
  precision: 'bf16',
  learningRate: 1e-5,
  finalLearningRate: 1e-6,
  schedule: 'cosine',
  warmup: 0.1,
  weightDecay: 0.1,
  adam: { beta1: 0.9, beta2: 0.98 },
  batchSize: 64,
  epochs: 4,
  saveEvery: 2,
}

/** Samples of different lengths, each with context, then trained and untrained stretches. */
export const samplesOf = (count: number): readonly Sample[] =>
  Array.from({ length: count }, (_, index) => {
    const ids = Array.from({ length: 6 + (index % 7) }, (__, position) => index * 20 + position)
    const labels = ids.map((id, position) => (position < 2 || position % 4 === 0 ? -100 : id))
    return { id: `s${String(index)}`, trajectory: `t${String(index)}`, input_ids: ids, labels }
  })

/** A job on a base model of a few bytes, in a folder whose name has a space, a quote and a letter outside ASCII. */
export async function slimeJob(
  samples: readonly Sample[],
  recipe: Partial<Record<keyof Recipe, unknown>> = {},
  config: object = QWEN3_8B,
): Promise<TrainingJob> {
  const root = await mkdtemp(path.join(os.tmpdir(), "limi slime ü' "))
  const base = path.join(root, 'shared', 'base')
  await mkdir(base, { recursive: true })
  const files = { 'config.json': JSON.stringify(config), 'model.safetensors': 'base', 'tokenizer.json': '{}' }
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(base, name), content)
  const { epochs, ...rest } = PAPER
  const length = 'steps' in recipe ? {} : { epochs }
  return {
    run: 'run 1',
    folder: path.join(root, 'training', 'run 1'),
    base: { name: 'dir:base', digest: 'b', folder: base },
    dataset: { id: 'd1', digest: 'd', samples },
    recipe: Recipe.parse({ ...rest, ...length, ...recipe }),
  }
}

/** Where the job's nodes and this machine find the shared folder. */
export const sharedOf = (job: TrainingJob): string => path.dirname(job.base.folder)

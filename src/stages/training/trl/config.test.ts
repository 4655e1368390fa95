import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { unwrap, type Recipe } from '../../../nouns/index.js'
import { loadRecipe } from '../recipes.js'
import type { TrainingJob } from '../engine.js'
import { rootOf, smallJob } from '../testing/small-job.js'
import { renderConfig } from './config.js'
import { trlEngine } from './engine.js'

const roots: string[] = []
afterAll(async () => {
  for (const root of roots) await rm(root, { recursive: true, force: true })
})

async function jobOf(recipe: Partial<Recipe>): Promise<TrainingJob> {
  const job = await smallJob(recipe)
  roots.push(rootOf(job))
  return job
}

const shipped = async (name: string): Promise<TrainingJob> => {
  const job = await jobOf({})
  return { ...job, recipe: unwrap(await loadRecipe(name)) }
}

const engine = (gpus: number) =>
  trlEngine({
    cacheRoot: '.',
    environment: async () => {
      throw new Error('not asked for')
    },
    gpus: async () => Array.from({ length: gpus }, () => ({ name: 'Some GPU', memoryBytes: 24e9 })),
  })

const planned = async (job: TrainingJob, gpus = 0) => engine(gpus).plan(job)

test("the paper's settings, in TRL's own words", async () => {
  const text = renderConfig(await shipped('paper'))
  expect(text).toContain('python train.py --config run.yaml')
  expect(parse(text)).toMatchObject({
    learning_rate: 1e-5,
    lr_scheduler_type: 'cosine_warmup_with_min_lr',
    lr_scheduler_kwargs: { min_lr: 1e-6 },
    adam_beta1: 0.9,
    adam_beta2: 0.98,
    weight_decay: 0.1,
    batch_size: 64,
    epochs: 4,
    per_device_train_batch_size: 1,
    gradient_accumulation_steps: 64,
    gradient_checkpointing: true,
    bf16: true,
    dtype: 'float32',
  })
})

test("a recipe of steps stays with TRL's own script", async () => {
  const text = renderConfig(await shipped('laptop'))
  expect(text).toContain('python -m trl.scripts.sft --config run.yaml')
  expect(parse(text)).not.toHaveProperty('batch_size')
})

test('qlora is refused without a GPU, and its files are right all the same', async () => {
  const job = await shipped('qlora-8b')
  expect(await planned(job)).toMatchObject({ ok: false, failure: { kind: 'input', code: 'recipe.unsupported' } })
  expect(parse(renderConfig(job))).toMatchObject({ load_in_4bit: true, use_peft: true, lora_r: 32, dtype: 'bfloat16' })
  expect((await planned(job, 1)).ok).toBe(true)
})

test('several GPUs: what limi does, and the command for all', async () => {
  const { notes } = unwrap(await planned(await shipped('lora-24gb'), 4))
  expect(notes.join('\n')).toContain('accelerate launch --num_processes 4 train.py --config run.yaml')
})

const heldOut = (labels: readonly number[]) => ({
  id: 'h',
  digest: 'h',
  samples: [{ id: 's', trajectory: 't', input_ids: [1, 2], labels: [...labels] }],
})

test.each<[string, Partial<Recipe>, Partial<TrainingJob>]>([
  ['microBatch 3 does not divide', { batchSize: 4, microBatch: 3 }, {}],
  ['microBatch 8 does not divide', { batchSize: 4, microBatch: 8 }, {}],
  ['constant schedule', { schedule: 'constant', finalLearningRate: 1e-6 }, {}],
  ['above learningRate', { finalLearningRate: 1 }, {}],
  ['has no token', {}, { heldOut: heldOut([5, -100]) }],
])('refused: %s', async (said, recipe, rest) => {
  const plan = await planned({ ...(await jobOf(recipe)), ...rest })
  expect(plan.ok).toBe(false)
  expect(JSON.stringify(plan)).toContain(said)
})

import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failed, Recipe, unwrap, type Sample } from '../../../../nouns/index.js'
import type { TrainingJob } from '../../engine.js'
import { trlEngine } from '../engine.js'
import { paddedOf } from './cost.js'
import { modelFolder } from '../../local/testing/model-folder.js'
import { learnSpeed, planTrl } from './index.js'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi plan ü-'))
  await mkdir(path.join(root, 'base'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const sample = (length: number): Sample => ({
  id: String(length),
  trajectory: 't',
  input_ids: Array.from({ length }, () => 1),
  labels: Array.from({ length }, () => 1),
})

async function job(count: number, recipe: Partial<Recipe>): Promise<TrainingJob> {
  const shapes = { 'model.embed_tokens.weight': [100, 8], 'model.layers.0.mlp.up_proj.weight': [32, 8] }
  const folder = await modelFolder(root, { num_hidden_layers: 1, hidden_size: 8, vocab_size: 7 }, shapes)
  const base = { method: 'full', learningRate: 1e-5, schedule: 'cosine', warmup: 0, batchSize: 64 }
  return {
    run: 'r',
    folder: path.join(root, 'training', 'r'),
    base: { name: 'm', digest: 'b', folder },
    dataset: { id: 'd', digest: 'd', samples: Array.from({ length: count }, (_, index) => sample(10 + index)) },
    recipe: Recipe.parse({ name: 'r', ...base, ...recipe }),
  }
}

const NO_GPU = [] as const

test('the paper: 78 samples in batches of 64, 4 epochs, are 5 steps, which is said, and so is what copies amount to', async () => {
  const { estimate, notes } = await planTrl(await job(78, { epochs: 4 }), NO_GPU, root)
  expect(estimate).toMatchObject({ steps: 5, samples: 312, tokens: 4 * (78 * 10 + (77 * 78) / 2) })
  expect(notes.join('\n')).toMatch(/78 samples × 4 epochs = 312, in batches of 64: 5 steps, the last of 56/)
  expect(notes.join('\n')).toMatch(/epochs: 8 \(10 steps\)/)
})

test('nothing is estimated of a model that does not say its size', async () => {
  const known = await job(3, { steps: 2 })
  const unknown = { ...known, base: { ...known.base, folder: path.join(root, 'base') } }
  const { estimate, notes } = await planTrl(unknown, NO_GPU, root)
  expect(estimate).toMatchObject({ steps: 2, seconds: null, memoryBytes: null })
  expect(notes.join('\n')).toContain('no estimate of time and memory')
})

test('a GPU that nobody knows gives no time, and says so', async () => {
  const gpu = { name: 'Abacus 1', memoryBytes: 8e9 }
  const { estimate, notes } = await planTrl(await job(3, { steps: 2 }), [gpu], root)
  expect(estimate.seconds).toBeNull()
  expect(notes.join('\n')).toMatch(/how fast this GPU trains/)
})

test('what a run reached is what the next plan reckons with', async () => {
  const each = await job(64, { steps: 100, precision: 'fp32' })
  await learnSpeed(each, 'cpu', 3, root)
  const { estimate, notes } = await planTrl(each, NO_GPU, root)
  expect(estimate.seconds).toBe(20 + 300)
  expect(notes.join('\n')).toContain('measured here')
})

test('full training holds 16 bytes a parameter, adapters far less', async () => {
  const shapes = { 'model.embed_tokens.weight': [32_000, 2048], 'model.layers.0.mlp.up_proj.weight': [8192, 2048] }
  const folder = await modelFolder(root, { num_hidden_layers: 1, hidden_size: 2048, vocab_size: 7 }, shapes)
  const parameters = 32_000 * 2048 + 8192 * 2048
  const of = async (recipe: Partial<Recipe>) => {
    const each = await job(1, { steps: 1, batchSize: 1, ...recipe })
    const { estimate } = await planTrl({ ...each, base: { ...each.base, folder } }, NO_GPU, root)
    return estimate.memoryBytes! - 0.9e9
  }
  const lora = { rank: 8, alpha: 16, dropout: 0 }
  expect((await of({})) / (16 * parameters)).toBeCloseTo(1, 2)
  expect((await of({ method: 'lora', lora, precision: 'bf16' })) / (2 * parameters)).toBeCloseTo(1, 1)
})

test('disk: a base stored in 16 bits is trained and saved in 32', async () => {
  const each = await job(3, { steps: 2 })
  const file = path.join(each.base.folder, 'model.safetensors')
  // Half of the bytes of 100 × 8 + 32 × 8 numbers, as in bf16; the header alone is read.
  const whole = await readFile(file)
  await writeFile(file, whole.subarray(0, whole.length - 2 * 1056))
  const environment = async () => failed({ kind: 'missing' as const, code: 'x', message: 'x' })
  const checked = unwrap(await trlEngine({ cacheRoot: root, environment }).check(each))
  expect(checked.diskBytes).toBe((2 * 3 + 1) * 1056 * 4)
})

test('padding: the mean of the longest over all draws, as counted one by one', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 7 })
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 7 }), (given, atOnce) => {
      const draws = subsets(given, Math.min(atOnce, given.length)).map((each) => Math.max(...each))
      const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length
      const { longest, squared } = paddedOf(given, atOnce)
      expect(longest).toBeCloseTo(mean(draws), 6)
      expect(squared).toBeCloseTo(mean(draws.map((each) => each ** 2)), 4)
    }),
  )
})

function subsets(of: readonly number[], size: number): number[][] {
  if (size === 0) return [[]]
  return of.flatMap((each, index) => subsets(of.slice(index + 1), size - 1).map((rest) => [each, ...rest]))
}

test.each([
  [1, 4, 2, 2],
  [11, 4, 3, 11],
  [11, 4, 4, 15],
  [78, 64, 5, 220],
])('TRL sees %d samples in batches of %d over %d steps: %d', async (count, batchSize, steps, seen) => {
  // As transformers cuts them: the batches of each epoch anew.
  const batches = Array.from({ length: steps }, (_, step) => (step % Math.ceil(count / batchSize)) * batchSize)
  expect(batches.reduce((sum, from) => sum + Math.min(batchSize, count - from), 0)).toBe(seen)
  const { estimate } = await planTrl(await job(count, { steps, batchSize }), NO_GPU, root)
  expect([estimate.steps, estimate.samples]).toEqual([steps, seen])
})

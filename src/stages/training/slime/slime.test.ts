import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { batchesOf } from './batches.js'
import { slimeEngine } from './engine.js'
import { readLogLine } from './follow/log-lines.js'
import { layoutOf } from './files/index.js'
import { quoted } from './files/shell.js'
import { bytesPerGpu, countParameters } from './memory.js'
import { layoutFor, type ModelConfig } from './models.js'
import { QWEN3_8B, samplesOf, sharedOf, slimeJob } from './testing/job.js'
import { savedLine, stepLine } from './testing/ray-server.js'

const GLM_AIR = {
  model_type: 'glm4_moe',
  hidden_size: 4096,
  num_hidden_layers: 46,
  vocab_size: 151552,
  intermediate_size: 10944,
  num_attention_heads: 96,
  num_key_value_heads: 8,
  head_dim: 128,
  tie_word_embeddings: false,
  rope_parameters: { rope_theta: 1000000 },
  n_routed_experts: 128,
  n_shared_experts: 1,
  moe_intermediate_size: 1408,
  first_k_dense_replace: 1,
}
const GLM = {
  ...GLM_AIR,
  hidden_size: 5120,
  num_hidden_layers: 92,
  intermediate_size: 12288,
  n_routed_experts: 160,
  moe_intermediate_size: 1536,
  first_k_dense_replace: 3,
}
const QWEN3_4B = { ...QWEN3_8B, hidden_size: 2560, intermediate_size: 9728, tie_word_embeddings: true }

describe('batches', () => {
  test('78 samples, four epochs, batches of 64: five steps, the last of 56, each sample four times', async () => {
    const batches = batchesOf(await slimeJob(samplesOf(78)))
    expect(batches.map((rows) => rows.length)).toEqual([64, 64, 64, 64, 56])
    const counts = new Map<number, number>()
    for (const row of batches.flat()) counts.set(row, (counts.get(row) ?? 0) + 1)
    expect([...counts.values()]).toEqual(Array.from({ length: 78 }, () => 4))
  })

  test('every epoch holds each sample once, whatever the sizes', async () => {
    const job = await slimeJob(samplesOf(1))
    const size = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 5 }), (rows, batchSize, epochs) => {
        const recipe = { ...job.recipe, batchSize, epochs }
        const order = batchesOf({ ...job, recipe, dataset: { ...job.dataset, samples: samplesOf(rows) } }).flat()
        expect(order).toHaveLength(rows * epochs)
        for (let epoch = 0; epoch < epochs; epoch += 1) {
          const seen = order.slice(epoch * rows, (epoch + 1) * rows)
          expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row))
        }
      }),
    )
  })

  test('the order is that of the seed', async () => {
    const [one, same] = [await slimeJob(samplesOf(9)), await slimeJob(samplesOf(9))]
    const other = await slimeJob(samplesOf(9), { seed: 1 })
    expect(batchesOf(one)).toEqual(batchesOf(same))
    expect(batchesOf(one)).not.toEqual(batchesOf(other))
  })
})

describe('a plan', () => {
  test('tells how the steps come about, and what was never run', async () => {
    const job = await slimeJob(samplesOf(78))
    const { estimate, notes } = unwrap(await slimeEngine().plan(job))
    const each = job.dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0)
    expect(estimate).toMatchObject({ steps: 5, samples: 312, tokens: each * 4, seconds: null })
    const said = notes.join('\n')
    expect(said).toContain('78 samples, seen 4 times in batches of 64: 5 steps, the last of 56')
    expect(said).toContain('floor(78/64) × 4 = 4 steps')
    expect(said).toContain('floor(156/64) × 4 = 8 steps')
    expect(said).toContain('no training by slime was ever run')
    expect(said).toContain('tensor 8, pipeline 4, context 2')
  })

  test('names samples that are longer than a layout holds', async () => {
    const job = await slimeJob(samplesOf(10), { batchSize: 4 })
    const layout = { tensor: 1, pipeline: 1, context: 1, expert: 1, tokens: 10, offload: false }
    const { notes } = unwrap(await slimeEngine({ nodes: 1, layout }).plan(job))
    expect(notes.join('\n')).toContain('holds 10 tokens at once; 2 samples of more, the longest of 12,')
  })

  test.each([
    [{ method: 'lora', lora: { rank: 1, alpha: 1 } }, 'method: lora'],
    [{ precision: 'fp32' }, 'precision'],
    [{ earlyStopping: { patience: 1 } }, 'earlyStopping'],
    [{ warmup: 1 }, 'warmup'],
    [{ finalLearningRate: 1 }, 'finalLearningRate'],
    [{ batchSize: 312 }, 'a warm-up and one step'],
    [{ batchSize: 4096, epochs: 1 }, 'batchSize: 4096'],
  ])('a recipe with %j is refused', async (recipe, said) => {
    const planned = await slimeEngine().plan(await slimeJob(samplesOf(78), recipe))
    expect(planned).toMatchObject({ ok: false, failure: { kind: 'input', code: 'recipe.unsupported' } })
    expect(JSON.stringify(planned)).toContain(said)
  })

  test('a model, a number of GPUs and a sample that slime cannot take are refused', async () => {
    const unknown = await slimeJob(samplesOf(78), {}, { ...QWEN3_8B, num_hidden_layers: 3 })
    expect(await slimeEngine().plan(unknown)).toMatchObject({ failure: { code: 'slime.model-unknown' } })
    const job = await slimeJob(samplesOf(78))
    expect(await slimeEngine({ nodes: 1 }).plan(job)).toMatchObject({ failure: { code: 'slime.no-layout' } })
    const layout = { tensor: 3, pipeline: 1, context: 1, expert: 1, tokens: 10, offload: false }
    expect(await slimeEngine({ layout }).plan(job)).toMatchObject({ failure: { code: 'slime.layout-invalid' } })
    const mute = [{ id: 'mute', trajectory: 't', input_ids: [1, 2], labels: [1, -100] }]
    const planned = await slimeEngine().plan(await slimeJob(mute))
    expect(planned).toMatchObject({ failure: { code: 'dataset.nothing-trains' } })
  })
})

describe('memory', () => {
  // Parameters as the model cards give them.
  test.each([
    ['Qwen3-4B', QWEN3_4B, 4.0e9],
    ['Qwen3-8B', QWEN3_8B, 8.2e9],
    ['GLM-4.5-Air', GLM_AIR, 106e9],
    ['GLM-4.5', GLM, 355e9],
  ] as [string, ModelConfig, number][])('%s has its published number of parameters', (_, config, published) => {
    const { experts, others } = countParameters(config)
    expect(Math.abs((experts + others) / published - 1)).toBeLessThan(0.012)
  })

  test('a dense model on one GPU takes 18 bytes a parameter, and 6 where the optimiser is in main memory', () => {
    const layout = { tensor: 1, pipeline: 1, context: 1, expert: 1, tokens: 1, data: 1, source: null }
    const count = { experts: 0, others: 1000 }
    expect(bytesPerGpu(count, { ...layout, offload: false })).toBe(18_000)
    expect(bytesPerGpu(count, { ...layout, offload: true })).toBe(6_000)
  })

  test('every published layout fits its GPUs', () => {
    for (const script of ['qwen3-8B', 'glm4.5-106B-A12B', 'glm4.5-355B-A32B']) {
      expect(layoutFor(script, { nodes: 8, gpusPerNode: 8 })).toMatchObject({ ok: true, value: { data: 1 } })
    }
    expect(layoutFor('qwen3-4B', { nodes: 1, gpusPerNode: 8 })).toMatchObject({ value: { data: 8 } })
  })
})

describe('files', () => {
  test('are shell that bash takes, with paths as they are and the recipe of the paper', async () => {
    const job = await slimeJob(samplesOf(78))
    unwrap(await slimeEngine({ shared: sharedOf(job) }).prepare(job))
    const { work } = layoutOf(job.folder)
    for (const name of ['settings.sh', 'launch.sh', 'convert-to-megatron.sh', 'convert-to-hf.sh', 'submit.sh']) {
      execFileSync('bash', ['-n', path.join(work, name)])
    }
    const launch = await readFile(path.join(work, 'launch.sh'), 'utf8')
    const flags = ['--lr 0.00001', '--min-lr 0.000001', '--lr-decay-style cosine', '--lr-warmup-fraction 0.1']
    const more = ['--adam-beta1 0.9', '--adam-beta2 0.98', '--weight-decay 0.1', '--num-rollout 5']
    for (const flag of [...flags, ...more, '--global-batch-size 64', '--calculate-per-token-loss']) {
      expect(launch).toContain(`  ${flag}\n`)
    }
  })

  test('train with the arguments that stand in them', async () => {
    const job = await slimeJob(samplesOf(78))
    const slimeDir = path.join(sharedOf(job), 'slime')
    await mkdir(path.join(slimeDir, 'scripts', 'models'), { recursive: true })
    await writeFile(path.join(slimeDir, 'scripts', 'models', 'qwen3-8B.sh'), 'MODEL_ARGS=(--num-layers $((30 + 6)))')
    await writeFile(path.join(slimeDir, 'train_async.py'), 'import sys, json; print(json.dumps(sys.argv[1:]))')
    unwrap(await slimeEngine({ shared: sharedOf(job), slimeDir }).prepare(job))
    const ran = execFileSync('bash', [path.join(layoutOf(job.folder).work, 'launch.sh')], { encoding: 'utf8' })
    const given = JSON.parse(ran.trim().split('\n').at(-1) ?? '') as string[]
    const after = (flag: string): string | undefined => given[given.indexOf(flag) + 1]
    expect([after('--num-layers'), after('--hf-checkpoint')]).toEqual(['36', job.base.folder])
    expect(after('--load')).toBe(after('--save'))
    expect(after('--ref-load')).toBe(job.base.folder)
  })

  test('convert with the arguments that stand in them', async () => {
    const job = await slimeJob(samplesOf(78), {}, GLM_AIR)
    const slimeDir = path.join(sharedOf(job), 'slime')
    await mkdir(path.join(slimeDir, 'scripts', 'models'), { recursive: true })
    await writeFile(path.join(slimeDir, 'scripts', 'models', 'glm4.5-106B-A12B.sh'), 'MODEL_ARGS=(--num-layers 46)')
    await writeFile(path.join(slimeDir, 'torchrun'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 })
    unwrap(await slimeEngine({ shared: sharedOf(job), slimeDir }).prepare(job))
    const env = { ...process.env, PATH: `${slimeDir}:${process.env['PATH'] ?? ''}`, NNODES: '2', NODE_RANK: '1' }
    const file = path.join(layoutOf(job.folder).work, 'convert-to-megatron.sh')
    const given = execFileSync('bash', [file], { encoding: 'utf8', env }).trim().split('\n')
    const after = (flag: string): string | undefined => given[given.indexOf(flag) + 1]
    expect([after('--nnodes'), after('--node-rank'), after('--num-layers')]).toEqual(['2', '1', '46'])
    expect([after('--hf-checkpoint'), after('--save')]).toEqual([job.base.folder, `${job.base.folder}_torch_dist`])
  })

  test('what is quoted reaches a program as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        (text) => {
          const got = execFileSync('bash', ['-c', `printf %s ${quoted(text)}`], { encoding: 'utf8' })
          expect(got).toBe(text)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('each run has a folder of its own on shared storage, the same each time', async () => {
    const job = await slimeJob(samplesOf(3), { batchSize: 2 })
    const other = await slimeJob(samplesOf(3), { batchSize: 2 })
    const outputOf = async (one: typeof job): Promise<string> => {
      unwrap(await slimeEngine({ shared: '/shared', base: '/shared/base' }).prepare(one))
      const settings = await readFile(path.join(layoutOf(one.folder).work, 'settings.sh'), 'utf8')
      return /OUTPUT='(.*)'/.exec(settings)?.[1] ?? ''
    }
    expect(await outputOf(job)).toBe(await outputOf(job))
    expect(await outputOf(job)).not.toBe(await outputOf(other))
    expect(await outputOf(job)).toMatch(/^\/shared\/limi\/run-1-[\da-f]{8}$/)
  })

  test('a base model that the cluster does not see, or no shared folder, is told', async () => {
    const job = await slimeJob(samplesOf(3), { batchSize: 2 })
    const elsewhere = await slimeEngine({ shared: '/elsewhere' }).prepare(job)
    expect(elsewhere).toMatchObject({ failure: { kind: 'missing', code: 'slime.base-not-shared' } })
    expect(await slimeEngine().prepare(job)).toMatchObject({ failure: { code: 'slime.no-shared-folder' } })
  })
})

describe('a line of the log', () => {
  test('of a step, as slime and Ray print it', () => {
    const line = stepLine(3, '1.25', '4.5e-06').trimEnd()
    const at = Date.UTC(2026, 7, 21, 16, 14, 19) / 1000
    expect(readLogLine(line)).toEqual({ type: 'step', step: 4, loss: 1.25, nextRate: 4.5e-6, at })
    expect(readLogLine("step 3: {'train/loss': 1.25}")).toEqual({ type: 'step', step: 4, loss: 1.25 })
    expect(readLogLine(stepLine(0, 'nan', '0.0').trimEnd())).toMatchObject({ step: 1, loss: NaN })
    expect(readLogLine(stepLine(0, 'np.float64(0.5)', '0.0').trimEnd())).toMatchObject({ loss: 0.5 })
    expect(readLogLine(savedLine(3).trimEnd())).toEqual({ type: 'saved', step: 4 })
    const waits = 'Waiting for placement group of 64 GPUs (elapsed 30s): 8 GPUs registered with Ray, 4 available.'
    expect(readLogLine(`[x] p.py:1 - ${waits}`)).toEqual({ type: 'waiting', wanted: 64, registered: 8, free: 4 })
    expect(readLogLine('limi versions {"torch": "2.9"}')).toEqual({ type: 'versions', versions: { torch: '2.9' } })
  })

  test.each(['', 'step 3', "step 3: {'eval/loss': 1}", 'rollout 3: {}', 'limi versions {', 'limi versions {"a": 1}'])(
    '%j tells nothing',
    (line) => {
      expect(readLogLine(line)).toBeNull()
    },
  )

  test('whatever it is, is no error', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => void readLogLine(line)))
  })
})

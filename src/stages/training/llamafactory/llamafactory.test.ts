import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { unwrap, type Recipe, type Sample } from '../../../nouns/index.js'
import type { TrainingEvent, TrainingJob } from '../engine.js'
import { statusOfRun } from '../status.js'
import { rootOf, smallJob } from '../testing/small-job.js'
import { train } from '../train.js'
import { llamafactoryEngine, type LlamafactoryOptions } from './index.js'
import { layoutOf } from './layout.js'

const roots: string[] = []
afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true })
})

const sample = (id: string, length: number): Sample => ({
  id,
  trajectory: id,
  input_ids: Array.from({ length }, (_, at) => at + 5),
  labels: Array.from({ length }, (_, at) => (at % 2 === 0 ? -100 : at + 5)),
})

async function jobOf(recipe: Partial<Recipe> = {}, samples = 78): Promise<TrainingJob> {
  const job = await smallJob(recipe)
  roots.push(rootOf(job))
  return {
    ...job,
    dataset: { ...job.dataset, samples: Array.from({ length: samples }, (_, at) => sample(`s${at}`, 9 + at)) },
  }
}

const engineOn = (gpus: number, more: Partial<LlamafactoryOptions> = {}) =>
  llamafactoryEngine({ cacheRoot: '/nowhere', env: {}, gpus: async () => gpus, ...more })

const PAPER = { steps: undefined, epochs: 4, batchSize: 64 }

describe('what LLaMA-Factory is told', () => {
  test('of the paper’s recipe: its five steps, not the eight that batches cut at each epoch would take', async () => {
    const job = await jobOf(PAPER)
    const plan = unwrap(await engineOn(0).plan(job))
    expect(plan.estimate).toMatchObject({ steps: 5, samples: 312 })
    expect(plan.notes.join('\n')).toMatch(/312 rows of 78 samples.*5 steps.*take 8/)
  })

  test('a batch is per device × accumulation × devices, whatever there is', async () => {
    for (const [gpus, microBatch, sizes] of [
      [0, undefined, [64, 1]],
      [1, 4, [4, 16]],
      [8, 2, [2, 4]],
      [8, undefined, [8, 1]],
    ] as const) {
      const job = await jobOf({ ...PAPER, microBatch })
      unwrap(await engineOn(gpus).prepare(job))
      const config = parse(await readFile(layoutOf(job.folder).config, 'utf8')) as Record<string, unknown>
      expect([config['per_device_train_batch_size'], config['gradient_accumulation_steps']]).toEqual(sizes)
    }
  })

  test('what it cannot do is refused, by plan and prepare alike', async () => {
    const lora = { rank: 4, alpha: 8.5, dropout: 0 }
    for (const [gpus, recipe] of [
      [0, { microBatch: 3, batchSize: 4 }],
      [3, { batchSize: 4 }],
      [0, { schedule: 'constant', finalLearningRate: 1e-6 }],
      [0, { finalLearningRate: 1 }],
      [0, { method: 'qlora', lora: { ...lora, alpha: 8 } }],
      [1, { method: 'lora', lora }],
    ] as const) {
      const job = await jobOf(recipe)
      const refused = { ok: false, failure: { kind: 'input', code: 'recipe.unsupported' } }
      expect(await engineOn(gpus).plan(job)).toMatchObject(refused)
      expect(await engineOn(gpus).prepare(job)).toMatchObject(refused)
    }
  })

  test('what it does otherwise is said', async () => {
    const heldOut = { id: 'h', digest: 'h', samples: [sample('h1', 300)] }
    const job = { ...(await jobOf({ ...PAPER, batchSize: 8, earlyStopping: { patience: 2 } })), heldOut }
    const notes = unwrap(await engineOn(5).plan({ ...job, recipe: { ...job.recipe, batchSize: 10 } })).notes.join('\n')
    for (const said of [
      /every 7 steps/,
      /mean over samples/,
      /saveEvery is not used/,
      /filled up/,
      /when it is stopped/,
    ])
      expect(notes).toMatch(said)
  })
})

/** A stand-in for LLaMA-Factory's Python: answers the question for versions, makes a dataset, and trains as `body` says. */
async function standIn(job: TrainingJob, body: string): Promise<LlamafactoryOptions> {
  const python = path.join(rootOf(job), 'python')
  const script = `#!/bin/sh
if [ "$1" = -c ]; then echo '{"llamafactory":"0.9.6"}'; exit 0; fi
if [ "$1" = make_dataset.py ]; then mkdir -p tokenized && echo '[0,1,0,1,0,1]' > order.json; exit 0; fi
mkdir -p output
${body}
`
  await writeFile(python, script)
  await chmod(python, 0o755)
  return { cacheRoot: path.join(rootOf(job), 'cache'), env: { LIMI_LLAMAFACTORY_PYTHON: python }, gpus: async () => 0 }
}

const line = (step: number, loss: string, elapsed = '0:00:01'): string =>
  `echo '{"current_steps": ${step}, "total_steps": 3, "loss": ${loss}, "lr": 0.001, "epoch": 0.5, "elapsed_time": "${elapsed}"}' >> output/trainer_log.jsonl`
const SAVED = `mkdir -p output/checkpoint-3
echo '{"global_step": 3, "log_history": [{"step": 1, "loss": 0.3}, {"step": 2, "loss": 0.2}, {"step": 3, "loss": 0.1}]}' > output/trainer_state.json
cp output/trainer_state.json output/checkpoint-3/
echo '{}' > output/config.json; echo trained > output/model.safetensors; echo '{}' > output/train_results.json`

describe('a run of LLaMA-Factory', () => {
  test('is followed by its own log, and its weights lie beside the base’s tokenizer and stop tokens', async () => {
    const job = await jobOf({ batchSize: 2, steps: 3 }, 2)
    await writeFile(path.join(job.base.folder, 'generation_config.json'), '{"eos_token_id":[7,8]}')
    const options = await standIn(job, [line(1, '0.3'), line(2, '0.2'), line(3, '0.1'), SAVED].join('\n'))
    const events: TrainingEvent[] = []
    const engine = llamafactoryEngine(options)
    const made = unwrap(await train({ job, engine, proof: 'ok', onEvent: (event) => events.push(event) }))
    expect(made).toMatchObject({ engine: 'llamafactory', steps: 3, tokens: 3 * (9 + 10), path: 'model' })
    expect(made.made.versions).toMatchObject({ llamafactory: '0.9.6' })
    expect(events.flatMap((event) => (event.type === 'step' ? [[event.step, event.loss, event.tokens]] : []))).toEqual([
      [1, 0.3, 19],
      [2, 0.2, 38],
      [3, 0.1, 57],
    ])
    expect(events).toContainEqual({ type: 'saved', step: 3 })
    const model = path.join(job.folder, 'model')
    expect(await readFile(path.join(model, 'generation_config.json'), 'utf8')).toBe('{"eos_token_id":[7,8]}')
    expect(await readFile(path.join(model, 'tokenizer.json'), 'utf8')).toBe('{"a":1}')
    expect(await readFile(path.join(model, 'model.safetensors'), 'utf8')).toBe('trained\n')
  })

  test('has the speed that its log tells, though all steps are read at once', async () => {
    const job = await jobOf({ batchSize: 2, steps: 3 }, 2)
    const times = ['23:59:50', '1 day, 0:00:00', '1 day, 0:00:28']
    const lines = times.map((elapsed, at) => line(at + 1, '0.3', elapsed))
    const engine = llamafactoryEngine(await standIn(job, [...lines, SAVED].join('\n')))
    unwrap(await train({ job, engine, proof: 'ok', onEvent: () => undefined }))
    expect(unwrap(await statusOfRun(job.folder, null)).tokensPerSecond).toBe((2 * (9 + 10)) / 38)
  })

  test('whose loss is no number is ended and says so', async () => {
    const job = await jobOf({ batchSize: 2, steps: 3 }, 2)
    const options = await standIn(job, `${line(1, 'NaN')}\nfor i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 1; done`)
    const engine = llamafactoryEngine(options)
    unwrap(await engine.prepare(job))
    const ended = await engine.run(job, { onEvent: () => undefined })
    expect(ended).toMatchObject({ ok: false, failure: { code: 'training.not-finite' } })
  })

  test('is stopped by a signal, killed where it does not listen, and ended where it says nothing', async () => {
    const job = await jobOf({ batchSize: 2, steps: 3 }, 2)
    const options = await standIn(job, `trap '' INT\n${line(1, '0.3')}\nsleep 30`)
    const stop = new AbortController()
    const onEvent = (event: TrainingEvent): void => {
      if (event.type === 'step') stop.abort()
    }
    const engine = llamafactoryEngine({ ...options, patienceMs: 100 })
    unwrap(await engine.prepare(job))
    expect(await engine.run(job, { onEvent, signal: stop.signal })).toMatchObject({ failure: { kind: 'interrupted' } })
    const impatient = llamafactoryEngine({ ...options, stallMs: 500 })
    expect(await impatient.run(job, { onEvent: () => undefined })).toMatchObject({
      failure: { code: 'training.stalled' },
    })
  })

  test('that brings no weights is a failure with its last words', async () => {
    const job = await jobOf({ batchSize: 2, steps: 3 }, 2)
    const engine = llamafactoryEngine(await standIn(job, `echo 'ValueError: such a model is not known' >&2; exit 1`))
    unwrap(await engine.prepare(job))
    const ended = await engine.run(job, { onEvent: () => undefined })
    expect(ended).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'training.failed' } })
    expect(JSON.stringify(ended)).toContain('such a model is not known')
  })

  test('whose environment lacks a package is told what mends it there, where limi made nothing', async () => {
    const job = await jobOf({ batchSize: 2, steps: 3 }, 2)
    const options = await standIn(job, `echo "ModuleNotFoundError: No module named 'peft'" >&2; exit 1`)
    const engine = llamafactoryEngine(options)
    unwrap(await engine.prepare(job))
    const ended = await engine.run(job, { onEvent: () => undefined })
    expect(ended).toMatchObject({ ok: false, failure: { kind: 'missing', code: 'environment.broken' } })
    const remedy = ended.ok ? '' : ended.failure.remedy
    expect(remedy).toContain(`${options.env!['LIMI_LLAMAFACTORY_PYTHON']!} -m pip install llamafactory`)
    expect(remedy).not.toContain('.limi/engines')
  })

  test('needs an installation, which PATH or a variable names', async () => {
    const job = await jobOf()
    const missing = unwrap(await engineOn(0).check(job)).missing
    expect(missing).toMatchObject([{ kind: 'missing', code: 'llamafactory.missing' }])
    expect(existsSync(job.folder)).toBe(false)
    const { env } = await standIn(job, '')
    const python = env!['LIMI_LLAMAFACTORY_PYTHON']!
    const plain = await mkdtemp(path.join(os.tmpdir(), 'limi-lf-'))
    roots.push(plain)
    await symlink(python, path.join(plain, 'python3'))
    const bin = path.join(rootOf(job), 'a bin')
    await mkdir(bin)
    for (const script of [`#!${plain}/python3\n`, `#!/bin/sh\n'''exec' "${python}" "$0" "$@"\n' '''\n`]) {
      await writeFile(path.join(bin, 'llamafactory-cli'), script)
      expect(unwrap(await engineOn(0, { env: { PATH: `/none:${bin}` } }).check(job)).missing).toEqual([])
    }
  })
})

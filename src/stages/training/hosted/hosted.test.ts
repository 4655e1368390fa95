import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { done, failed, unwrap, type Recipe, type Result } from '../../../nouns/index.js'
import type { TrainedModel, TrainingEvent, TrainingJob } from '../engine.js'
import { train } from '../train.js'
import { rootOf, smallJob } from '../testing/small-job.js'
import { hostedEngine, type HostedTrainingOptions } from './index.js'
import { layoutOf } from './state.js'
import { FakeService, FAULTS, KEY, type ServiceOptions } from './testing/service.js'

const roots: string[] = []
const services: FakeService[] = []
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
  for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true })
})

const LINES = ['{"messages":[{"role":"user","content":"ä?"},{"role":"assistant","content":"b","weight":1}]}']
const TIMES = { attempts: 4, firstMs: 1, longestMs: 4, requestMs: 100, uploadMs: 100, pollMs: 1, settleMs: 300 }

async function jobOf(recipe: Partial<Recipe> = {}): Promise<TrainingJob> {
  const job = await smallJob({ steps: undefined, epochs: 3, ...recipe })
  roots.push(rootOf(job))
  return { ...job, dataset: { ...job.dataset, messages: async () => done(LINES) } }
}

async function openService(options: ServiceOptions = {}, more: Partial<HostedTrainingOptions> = {}) {
  const service = new FakeService(options)
  services.push(service)
  const baseUrl = await service.open()
  const env = { OPENAI_API_KEY: KEY }
  return { service, engine: hostedEngine({ baseUrl, model: 'base-1', env, times: TIMES, ...more }), baseUrl }
}

const quiet = { onEvent: (): void => undefined }

describe('a job at a service', () => {
  test('is sent as messages, followed, and ends as the model’s name', async () => {
    const events = [
      { id: 'e1', message: 'Created', level: 'info' },
      {
        id: 'e2',
        message: 'Step 1',
        type: 'metrics',
        created_at: 1_000,
        data: { step: 1, total_steps: 3, train_loss: 0.9, valid_loss: 7 },
      },
      { id: 'e3', message: 'Step 2/3: training loss=0.80, validation loss=6.5', created_at: 1_008 },
      { id: 'e4', message: 'Step 3', data: { step: 3, train_loss: 0.7, full_valid_loss: 0.75, epoch: 1 } },
      { id: 'e5', message: 'a warning', level: 'warn' },
    ]
    const states = [
      { status: 'queued' },
      { status: 'running' },
      { status: 'succeeded', fine_tuned_model: 'ft:m:9', trained_tokens: 321, finished_at: 1_060 },
    ]
    const { service, engine, baseUrl } = await openService({ events, states, others: 5 }, { learningRateMultiplier: 2 })
    const heldOut = {
      id: 'h',
      digest: 'h',
      samples: [{ id: 'x', trajectory: 'x', input_ids: [1], labels: [1] }],
      messages: async () => done(['{}']),
    }
    const job = { ...(await jobOf({ seed: 5 })), heldOut }
    const told: TrainingEvent[] = []
    const made = unwrap(await train({ job, engine, proof: 'ok', onEvent: (event) => told.push(event) }))
    expect(made.hosted).toEqual({ baseUrl, model: 'ft:m:9', job: 'ftjob-1', apiKeyEnv: 'OPENAI_API_KEY' })
    expect(made).toMatchObject({ steps: 3, tokens: 321, seconds: 60 })
    expect(made.path).toBeUndefined()
    expect(made.loss).toEqual([
      { step: 1, loss: 0.9 },
      { step: 2, loss: 0.8 },
      { step: 3, loss: 0.7 },
    ])
    expect(made.heldOutLoss).toEqual([{ step: 3, loss: 0.75 }])
    expect(told).toContainEqual({ type: 'warning', code: 'hosted', text: 'a warning' })
    expect(told).toContainEqual({ type: 'step', step: 2, steps: 3, loss: 0.8, tokens: 6, secondsLeft: 8, at: 1_008 })
    expect([...service.files.values()]).toEqual([`${LINES[0]!}\n`, '{}\n'])
    expect(service.jobs[0]).toMatchObject({
      model: 'base-1',
      training_file: 'file-1',
      validation_file: 'file-2',
      method: {
        type: 'supervised',
        supervised: { hyperparameters: { n_epochs: 3, batch_size: 1, learning_rate_multiplier: 2 } },
      },
      seed: 5,
      suffix: 'limi-run-1',
    })
    const sent: unknown = JSON.parse(await readFile(layoutOf(job.folder).request, 'utf8'))
    expect(sent).toMatchObject({ training_file: 'TRAINING_FILE_ID', validation_file: 'VALIDATION_FILE_ID', seed: 5 })
    // A second call takes what is there.
    const before = service.asked.length
    expect(unwrap(await train({ job, engine, proof: 'ok', ...quiet }))).toEqual(made)
    expect(service.asked.length).toBe(before)
  })

  test('whatever goes wrong: one job at most, and a model or a typed failure, in few tries a model', async () => {
    const faults = fc.array(fc.constantFrom(...FAULTS), { maxLength: 14 })
    const stops = fc.array(fc.option(fc.nat(150), { freq: 2 }), { minLength: 3, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(faults, stops, async (given, stopsAfter) => {
        const { service, engine } = await openService({ faults: given, lateMs: 160 })
        const job = await jobOf()
        unwrap(await engine.prepare(job))
        let last: Result<TrainedModel> | null = null
        for (const ms of [...stopsAfter, null, null, null, null, null, null]) {
          const signal = ms === null ? undefined : AbortSignal.timeout(ms)
          last = await engine.run(job, { onEvent: () => undefined, signal })
          expect(service.created).toBeLessThanOrEqual(1)
          if (last.ok) break
          expect(last.failure).toMatchObject({
            kind: expect.stringMatching(/^(underway|interrupted)$/),
            code: expect.any(String),
            remedy: expect.any(String),
          })
        }
        expect(last).toMatchObject({ ok: true, value: { hosted: { model: 'ft:m:1', job: 'ftjob-1' } } })
        await service.close()
      }),
      { numRuns: 30 },
    )
  }, 300_000)

  test.each([
    ['failed', { code: 'bad', message: 'invalid file' }, 'underway'],
    ['cancelled', null, 'interrupted'],
    ['expired', null, 'underway'],
  ])('that is %s is a failure, and is not begun again', async (status, error, kind) => {
    const { service, engine } = await openService({ states: [{ status, error }] })
    const job = await jobOf()
    unwrap(await engine.prepare(job))
    const failure = { kind, code: `hosted.job-${status}`, where: 'ftjob-1' }
    expect(await engine.run(job, quiet)).toMatchObject({ ok: false, failure })
    expect(await engine.run(job, quiet)).toMatchObject({ ok: false, failure })
    expect(service.created).toBe(1)
  })

  test('goes on when nobody follows it, until it is cancelled', async () => {
    const { service, engine } = await openService({ states: [{ status: 'running' }] })
    const job = await jobOf()
    unwrap(await engine.prepare(job))
    expect(unwrap(await engine.stop!(job.folder))).toBe(false)
    const left = await engine.run(job, { ...quiet, signal: AbortSignal.timeout(300) })
    // Trajectories that changed since then do not keep anybody from following it.
    const changed = {
      ...job.dataset,
      messages: async () => failed({ kind: 'input' as const, code: 'stale', message: '' }),
    }
    expect((await engine.prepare({ ...job, dataset: changed })).ok).toBe(true)
    expect(left).toMatchObject({
      ok: false,
      failure: { kind: 'interrupted', message: expect.stringContaining('ftjob-1') },
    })
    expect(service.cancelled).toBe(0)
    expect(unwrap(await engine.stop!(job.folder))).toBe(true)
    expect(unwrap(await engine.stop!(job.folder))).toBe(false)
    expect(service.cancelled).toBe(1)
  })

  test('that succeeded without a name, or left its list, is a typed failure', async () => {
    const { engine } = await openService({ states: [{ status: 'succeeded', fine_tuned_model: null }] })
    const job = await jobOf()
    unwrap(await engine.prepare(job))
    expect(await engine.run(job, quiet)).toMatchObject({ failure: { code: 'hosted.no-model' } })
    const { service, ...gone } = await openService()
    const other = await jobOf()
    unwrap(await gone.engine.prepare(other))
    service.jobs.length = 0
    const state = { format: 'limi.hosted/1', baseUrl: gone.baseUrl, model: 'base-1', key: 'k', job: 'ftjob-7' }
    await writeFile(layoutOf(other.folder).state, JSON.stringify(state))
    expect(await gone.engine.run(other, quiet)).toMatchObject({ failure: { code: 'hosted.absent' } })
    expect(service.created).toBe(0)
  })
})

describe('before anything is sent', () => {
  test('a key that is absent or wrong is said, and never repeated', async () => {
    const { engine, baseUrl } = await openService()
    const job = await jobOf()
    expect(unwrap(await engine.check(job)).missing).toEqual([])
    const keyless = hostedEngine({ baseUrl, model: 'm', env: {}, apiKeyEnv: 'MY_KEY', times: TIMES })
    expect(unwrap(await keyless.check(job)).missing).toMatchObject([{ code: 'model.key-missing', where: 'MY_KEY' }])
    const wrong = hostedEngine({ baseUrl, model: 'm', env: { OPENAI_API_KEY: 'sk-wrong-key' }, times: TIMES })
    const [missing] = unwrap(await wrong.check(job)).missing
    expect(missing).toMatchObject({ kind: 'missing', code: 'hosted.key' })
    expect(JSON.stringify(missing)).not.toContain('sk-wrong-key')
  })

  test('the key stands in no file of the run', async () => {
    const { engine } = await openService()
    const job = await jobOf()
    unwrap(await train({ job, engine, proof: 'ok', ...quiet }))
    const names = await readdir(job.folder, { recursive: true, withFileTypes: true })
    for (const file of names.filter((name) => name.isFile()))
      expect(await readFile(path.join(file.parentPath, file.name), 'utf8')).not.toContain(KEY)
  })

  test('what a service cannot be told is in the plan, and half epochs are refused', async () => {
    const { engine } = await openService({}, { price: 25 })
    const adam = { beta1: 0.9, beta2: 0.98 }
    const job = await jobOf({
      adam,
      weightDecay: 0.1,
      warmup: 0.03,
      finalLearningRate: 1e-6,
      microBatch: 1,
      schedule: 'linear',
    })
    const { notes, estimate } = unwrap(
      await engine.plan({ ...job, recipe: { ...job.recipe, earlyStopping: { patience: 3 } } }),
    )
    expect(estimate).toMatchObject({ steps: 3, samples: 3, tokens: 9 })
    for (const word of [
      'adam 0.9/0.98',
      'weightDecay 0.1',
      'warmup 0.03',
      'finalLearningRate 0.000001',
      'schedule linear',
      'microBatch 1',
      'method full',
      'precision fp32',
      'earlyStopping after 3',
      'learning rate of 0.001',
      'saveEvery',
      '10 examples',
      'costs about 0.00',
    ])
      expect(notes.join('\n')).toContain(word)
    for (const recipe of [{ epochs: 1.5 }, { epochs: undefined, steps: 3, batchSize: 1 }])
      expect((await engine.plan(await jobOf(recipe))).ok).toBe(recipe.steps === 3)
  })

  test('without messages, or begun at another service, nothing is sent', async () => {
    const { service, engine, baseUrl } = await openService()
    const job = await jobOf()
    const { id, digest, samples } = job.dataset
    expect(await engine.prepare({ ...job, dataset: { id, digest, samples } })).toMatchObject({
      failure: { code: 'training.no-messages' },
    })
    await mkdir(path.dirname(layoutOf(job.folder).state), { recursive: true })
    const state = { format: 'limi.hosted/1', baseUrl: `${baseUrl}/other`, model: 'base-1', key: 'k', job: 'ftjob-7' }
    await writeFile(layoutOf(job.folder).state, JSON.stringify(state))
    expect(await engine.run(job, quiet)).toMatchObject({ failure: { kind: 'input', code: 'hosted.elsewhere' } })
    await writeFile(layoutOf(job.folder).state, '{"for')
    expect(await engine.run(job, quiet)).toMatchObject({ failure: { code: 'file.invalid' } })
    expect(service.asked).toEqual([])
  })

  test('a service that says no is asked once', async () => {
    const { service, engine, baseUrl } = await openService()
    const job = await jobOf()
    unwrap(await engine.prepare(job))
    const state = { format: 'limi.hosted/1', baseUrl, model: 'base-1', key: 'k', trainingFile: 'file-none' }
    await writeFile(layoutOf(job.folder).state, JSON.stringify(state))
    expect(await engine.run(job, quiet)).toMatchObject({ failure: { kind: 'input', code: 'hosted.refused' } })
    expect(service.asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})

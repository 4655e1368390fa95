import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { execute } from '../../../shared/python/index.js'
import type { TrainingEvent, TrainingJob } from '../engine.js'
import { batchesOf, trainableTokens } from './batches.js'
import { slimeEngine } from './engine.js'
import { layoutOf } from './files/index.js'
import { samplesOf, sharedOf, slimeJob } from './testing/job.js'
import { startRay, type RayHead } from './testing/ray-head.js'

const environment = process.env['LIMI_TEST_RAY'] ?? ''
const skipped = environment === '' ? 'LIMI_TEST_RAY names no virtual environment with ray[default]' : undefined

let ray: RayHead
let job: TrainingJob
let events: TrainingEvent[]

const slimeDir = (): string => path.join(sharedOf(job), 'slime')
const behave = (mode: 'well' | 'fail' | 'hang'): Promise<void> => writeFile(path.join(slimeDir(), 'mode'), mode)
const engine = (stallMs = 120_000) =>
  slimeEngine({ address: ray.address, shared: sharedOf(job), slimeDir: slimeDir(), pollMs: 300, stallMs })

async function train(stallMs?: number, signal?: AbortSignal) {
  unwrap(await engine(stallMs).prepare(job))
  return engine(stallMs).run(job, { onEvent: (event) => events.push(event), ...(signal && { signal }) })
}

const stepsTold = () => events.flatMap((event) => (event.type === 'step' ? [event.step] : []))

describe.skipIf(skipped)(`jobs of a real Ray head, with a stand-in for slime (${skipped ?? 'live'})`, () => {
  beforeAll(async () => {
    ray = await startRay(environment)
  }, 120_000)
  afterAll(async () => {
    await ray.stop()
  }, 60_000)

  beforeEach(async () => {
    job = await slimeJob(samplesOf(6), { batchSize: 4, epochs: 2, saveEvery: 1 })
    await cp(path.join(import.meta.dirname, 'testing', 'stand-in'), slimeDir(), { recursive: true })
    events = []
  })

  test('a run is uploaded, trained, converted and taken', { timeout: 180_000 }, async () => {
    await behave('well')
    expect(unwrap(await engine().check(job)).missing).toEqual([])
    const trained = unwrap(await train())
    const { samples } = job.dataset
    const sums = batchesOf(job).map((rows) => rows.reduce((sum, row) => sum + trainableTokens(samples[row]!.labels), 0))
    expect(trained.loss).toEqual([
      { step: 1, loss: sums[0]! / 100, learningRate: 0 },
      { step: 2, loss: sums[1]! / 100, learningRate: 1e-6 },
      { step: 3, loss: sums[2]! / 100, learningRate: 2e-6 },
    ])
    expect(trained.seconds).toBeGreaterThan(0)
    expect(Object.keys(trained.versions)).toEqual(expect.arrayContaining(['python', 'ray']))
    expect(await readFile(path.join(job.folder, 'model', 'model.safetensors'), 'utf8')).toBe('trained 2')
    expect(await readFile(layoutOf(job.folder).log, 'utf8')).toContain('successfully saved checkpoint')
    expect(unwrap(await train())).toEqual(trained)
  })

  test('a person submits the folder without limi', { timeout: 180_000 }, async () => {
    await behave('well')
    unwrap(await engine().prepare(job))
    const { work } = layoutOf(job.folder)
    const env = { PATH: `${path.resolve(environment, 'bin')}:${process.env['PATH'] ?? ''}` }
    for (const file of [[], ['convert-to-hf.sh']]) {
      unwrap(await execute('bash', [path.join(work, 'submit.sh'), ...file], { env, timeoutMs: 90_000 }))
    }
    const [output = ''] = await readdir(path.join(sharedOf(job), 'limi'))
    const weights = path.join(sharedOf(job), 'limi', output, 'hf', 'model.safetensors')
    expect(await readFile(weights, 'utf8')).toBe('trained 2')
  })

  test('one that fails tells its last lines; the next goes on from its checkpoint', { timeout: 240_000 }, async () => {
    await behave('fail')
    const ended = await train()
    expect(ended).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'training.out-of-memory' } })
    expect(JSON.stringify(ended)).toContain('Tried to allocate 2.00 GiB')
    expect(stepsTold()).toEqual([1])
    await behave('well')
    events = []
    expect(unwrap(await train()).loss.map(({ step }) => step)).toEqual([1, 2, 3])
    expect(events).toContainEqual({ type: 'started', steps: 3, from: 1 })
    expect(stepsTold()).toEqual([2, 3])
  })

  test('one that hangs is stopped; one that is stopped on demand goes on later', { timeout: 300_000 }, async () => {
    await behave('hang')
    expect(await train(15_000)).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'training.stalled' } })
    expect(stepsTold()).toEqual([1])
    const control = new AbortController()
    const running = train(120_000, control.signal)
    while (stepsTold().length < 2) await new Promise((resolve) => setTimeout(resolve, 200))
    control.abort()
    expect(await running).toMatchObject({ ok: false, failure: { kind: 'interrupted', code: 'interrupted' } })
    await behave('well')
    expect(unwrap(await train()).loss.map(({ step }) => step)).toEqual([1, 2, 3])
  })

  test('one whose limi ended is found again by the next', { timeout: 240_000 }, async () => {
    await behave('hang')
    unwrap(await engine().prepare(job))
    const gone = new Error('limi ended')
    const leaving = engine().run(job, {
      onEvent: (event) => {
        if (event.type === 'step') throw gone
      },
    })
    await expect(leaving).rejects.toBe(gone)
    await behave('well')
    const trained = unwrap(await train())
    expect(trained.loss.map(({ step }) => step)).toEqual([1, 2, 3])
    const { jobs } = JSON.parse(await readFile(layoutOf(job.folder).jobs, 'utf8')) as { jobs: { kind: string }[] }
    expect(jobs.map(({ kind }) => kind)).toEqual(['train', 'convert'])
  })
})

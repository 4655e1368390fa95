import { mkdir, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { digestOfModel } from '../../../shared/models/index.js'
import type { TrainingEvent } from '../engine.js'
import { statusOfRun } from '../status.js'
import { train } from '../train.js'
import { LOG, ServedRun } from './testing/served-run.js'

let served: ServedRun
beforeEach(async () => {
  served = await ServedRun.begin()
})
afterEach(() => served.ray.close())

const stepsIn = (list: readonly TrainingEvent[]) =>
  list.flatMap((event) => (event.type === 'step' ? [[event.step, event.loss, event.learningRate]] : []))

describe('a run', () => {
  test('is submitted, followed, converted, and its model taken', async () => {
    served.ray.onAsked = served.goWell
    const trained = unwrap(await served.train())
    expect(stepsIn(served.events)).toEqual([
      [1, 2.5, 0],
      [2, 1.5, 5e-6],
      [3, 0.5, 1e-5],
    ])
    expect(trained).toMatchObject({ path: 'model', steps: 3, seconds: 60, versions: { ray: '2.60.0' } })
    expect(trained.loss.map(({ loss }) => loss)).toEqual([2.5, 1.5, 0.5])
    expect(trained.tokens).toBe(2 * served.job.dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0))
    expect(await readFile(path.join(served.job.folder, 'model', 'model.safetensors'), 'utf8')).toBe('trained')
    expect(served.events.filter(({ type }) => type === 'saved')).toHaveLength(2)
    const [sent] = served.ray.jobs.values()
    expect(sent).toMatchObject({
      entrypoint: 'bash launch.sh',
      runtimeEnvironment: {
        env_vars: { CUDA_DEVICE_MAX_CONNECTIONS: '1' },
        working_dir: `gcs://${[...served.ray.packages.keys()].join()}`,
      },
    })
  })

  test('that limi left is found again, and each of its steps is told once', async () => {
    const abandon = new Error('limi was killed')
    served.ray.onAsked = served.goWell
    const engine = served.engineWith()
    unwrap(await engine.prepare(served.job))
    const killed = engine.run(served.job, {
      onEvent: (event) => {
        served.events.push(event)
        if (event.type === 'step' && event.step === 1) throw abandon
      },
    })
    await expect(killed).rejects.toBe(abandon)
    const before = stepsIn(served.events)
    served.events = []
    const trained = unwrap(await served.train())
    expect([...before, ...stepsIn(served.events)].map(([step]) => step)).toEqual([1, 2, 3])
    expect(trained.loss.map(({ loss }) => loss)).toEqual([2.5, 1.5, 0.5])
    expect(served.ray.asked.filter((route) => route === 'POST /api/jobs/')).toHaveLength(2)
  })

  test('ends as a checkpoint with the digest of its weights; what only resuming needs is removed', async () => {
    served.ray.onAsked = served.goWell
    const { job } = served
    const engine = served.engineWith()
    const saving: typeof engine = {
      ...engine,
      run: async (one, options) => {
        await mkdir(path.join(await served.outputHere(), 'megatron'), { recursive: true })
        return engine.run(one, options)
      },
    }
    const checkpoint = unwrap(await train({ job, engine: saving, proof: 'ok', onEvent: () => undefined }))
    expect(checkpoint).toMatchObject({ engine: 'slime', steps: 3, path: 'model', loss: [{ step: 1 }, {}, {}] })
    expect(checkpoint.digest).toBe(unwrap(await digestOfModel(path.join(await served.outputHere(), 'hf'))))
    expect(await readdir(await served.outputHere())).toEqual(['hf'])
  })

  test('whose steps all come in one look has the speed that their own times tell', async () => {
    const { job } = served
    served.ray.onAsked = async (id, one, times) => {
      await served.goWell(id, one, times)
      if (one.entrypoint !== 'bash launch.sh') return
      one.log = LOG.map((line, index) => line.replace('16:14:19', `16:${String(10 + index)}:00`)).join('')
      one.status = 'SUCCEEDED'
    }
    unwrap(
      await train({ job, engine: served.engineWith(), proof: 'ok', onEvent: (event) => served.events.push(event) }),
    )
    const [first, , last] = served.events.flatMap((event) => (event.type === 'step' ? [event.tokens] : []))
    // The first step ended at 16:10, the third at 16:13.
    const { tokensPerSecond } = unwrap(await statusOfRun(job.folder, null))
    expect(tokensPerSecond).toBeCloseTo((last! - first!) / 180, 9)
  })

  test('that is done is not done again, without asking for its jobs', async () => {
    served.ray.onAsked = served.goWell
    const first = unwrap(await served.train())
    const asked = served.ray.asked.length
    expect(unwrap(await served.train())).toEqual(first)
    expect(served.ray.asked.slice(asked)).toEqual(['GET /api/version'])
  })

  test('goes on from the last checkpoint after a failure, as another job', async () => {
    served.ray.onAsked = (_, one) => {
      one.log = LOG.slice(0, 2).join('')
      one.status = 'FAILED'
    }
    expect(await served.train()).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'training.failed' } })
    served.events = []
    served.ray.onAsked = async (id, one, times) => {
      await served.goWell(id, one, times)
      if (one.entrypoint === 'bash launch.sh') one.log = LOG.slice(2).join('')
    }
    const trained = unwrap(await served.train())
    expect(served.events).toContainEqual({ type: 'started', steps: 3, from: 1 })
    expect(trained.loss.map(({ step, learningRate }) => [step, learningRate])).toEqual([
      [1, 0],
      [2, undefined],
      [3, 1e-5],
    ])
  })
})

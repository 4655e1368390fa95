import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { TrainingEvent, TrainingJob } from '../engine.js'
import { slimeEngine } from './engine.js'
import { layoutOf } from './files/index.js'
import type { SlimeOptions } from './options.js'
import { samplesOf, sharedOf, slimeJob } from './testing/job.js'
import { savedLine, serveRay, stepLine, type RayServer, type ServedJob } from './testing/ray-server.js'

let ray: RayServer
let job: TrainingJob
let events: TrainingEvent[]

beforeEach(async () => {
  ray = await serveRay()
  job = await slimeJob(samplesOf(6), { batchSize: 4, epochs: 2, saveEvery: 1 })
  events = []
})
afterEach(() => ray.close())

const QUICK = { pollMs: 5, patienceMs: 100, stallMs: 60_000 }
const engineWith = (options: SlimeOptions = {}) =>
  slimeEngine({ address: ray.address, shared: sharedOf(job), ...QUICK, ...options })

async function train(options: SlimeOptions = {}, signal?: AbortSignal) {
  const engine = engineWith(options)
  unwrap(await engine.prepare(job))
  return engine.run(job, { onEvent: (event) => events.push(event), ...(signal && { signal }) })
}

const LOG = [
  stepLine(0, '2.5', '5e-06'),
  savedLine(0),
  stepLine(1, '1.5', '1e-05'),
  stepLine(2, '0.5', '1e-06'),
  savedLine(2),
]

/** Where the job's files say that its weights are put. */
async function outputHere(): Promise<string> {
  const settings = await readFile(path.join(layoutOf(job.folder).work, 'settings.sh'), 'utf8')
  return path.join(sharedOf(job), 'limi', /limi\/(run-1-[\da-f]+)/.exec(settings)?.[1] ?? '')
}

/** Training prints a line at each look and succeeds; converting leaves a model. */
async function goWell(_: string, one: ServedJob, times: number): Promise<void> {
  one.status = 'RUNNING'
  if (one.entrypoint.includes('convert')) {
    one.status = 'SUCCEEDED'
    const hf = path.join(await outputHere(), 'hf')
    await mkdir(hf, { recursive: true })
    await writeFile(path.join(hf, 'config.json'), '{}')
    await writeFile(path.join(hf, 'model.safetensors'), 'trained')
    return
  }
  one.log += LOG[times - 1] ?? ''
  if (times > LOG.length) one.status = 'SUCCEEDED'
}

const stepsIn = (list: readonly TrainingEvent[]) =>
  list.flatMap((event) => (event.type === 'step' ? [[event.step, event.loss, event.learningRate]] : []))

describe('a run', () => {
  test('is submitted, followed, converted, and its model taken', async () => {
    ray.onAsked = goWell
    const trained = unwrap(await train())
    expect(stepsIn(events)).toEqual([
      [1, 2.5, 0],
      [2, 1.5, 5e-6],
      [3, 0.5, 1e-5],
    ])
    expect(trained).toMatchObject({ path: 'model', steps: 3, seconds: 60, versions: { ray: '2.60.0' } })
    expect(trained.loss.map(({ loss }) => loss)).toEqual([2.5, 1.5, 0.5])
    expect(trained.tokens).toBe(2 * job.dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0))
    expect(await readFile(path.join(job.folder, 'model', 'model.safetensors'), 'utf8')).toBe('trained')
    expect(events.filter(({ type }) => type === 'saved')).toHaveLength(2)
    const [sent] = ray.jobs.values()
    expect(sent).toMatchObject({
      entrypoint: 'bash launch.sh',
      runtimeEnvironment: {
        env_vars: { CUDA_DEVICE_MAX_CONNECTIONS: '1' },
        working_dir: `gcs://${[...ray.packages.keys()].join()}`,
      },
    })
  })

  test('that limi left is found again, and each of its steps is told once', async () => {
    const abandon = new Error('limi was killed')
    ray.onAsked = goWell
    const engine = engineWith()
    unwrap(await engine.prepare(job))
    const killed = engine.run(job, {
      onEvent: (event) => {
        events.push(event)
        if (event.type === 'step' && event.step === 1) throw abandon
      },
    })
    await expect(killed).rejects.toBe(abandon)
    const before = stepsIn(events)
    events = []
    const trained = unwrap(await train())
    expect([...before, ...stepsIn(events)].map(([step]) => step)).toEqual([1, 2, 3])
    expect(trained.loss.map(({ loss }) => loss)).toEqual([2.5, 1.5, 0.5])
    expect(ray.asked.filter((route) => route === 'POST /api/jobs/')).toHaveLength(2)
  })

  test('that is done is not done again, without asking for its jobs', async () => {
    ray.onAsked = goWell
    const first = unwrap(await train())
    const asked = ray.asked.length
    expect(unwrap(await train())).toEqual(first)
    expect(ray.asked.slice(asked)).toEqual(['GET /api/version'])
  })

  test('goes on from the last checkpoint after a failure, as another job', async () => {
    ray.onAsked = (_, one) => {
      one.log = LOG.slice(0, 2).join('')
      one.status = 'FAILED'
    }
    expect(await train()).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'training.failed' } })
    events = []
    ray.onAsked = async (id, one, times) => {
      await goWell(id, one, times)
      if (one.entrypoint === 'bash launch.sh') one.log = LOG.slice(2).join('')
    }
    const trained = unwrap(await train())
    expect(events).toContainEqual({ type: 'started', steps: 3, from: 1 })
    expect(trained.loss.map(({ step, learningRate }) => [step, learningRate])).toEqual([
      [1, 0],
      [2, undefined],
      [3, 1e-5],
    ])
  })
})

describe('what goes wrong', () => {
  const failing = (log: string, message?: string) => {
    ray.onAsked = (_, one) => Object.assign(one, { log, status: 'FAILED', ...(message && { message }) })
  }

  test.each([
    ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate', 'training.out-of-memory'],
    [
      'ray.exceptions.OutOfMemoryError: Task was killed due to the node running low on memory',
      'training.out-of-memory',
    ],
    ['AssertionError: found NaN in local grad norm for bucket #0', 'training.not-finite'],
    ['OSError: [Errno 28] No space left on device', 'disk.full'],
    ["AssertionError: args.load='/x' does not exist or is an empty directory", 'training.failed'],
    ['something else', 'training.failed'],
  ])('%s', async (said, code) => {
    failing(`one\n${said}\n`)
    const ended = await train()
    expect(ended).toMatchObject({ ok: false, failure: { kind: 'underway', code } })
    if (code !== 'training.not-finite') expect(JSON.stringify(ended)).toContain(said.slice(0, 20).split("'")[0])
    expect(await readFile(layoutOf(job.folder).log, 'utf8')).toContain(said)
  })

  test('a job that died without a word tells what Ray says of it', async () => {
    failing('', 'Job entrypoint command failed with exit code 137')
    expect(JSON.stringify(await train())).toContain('exit code 137')
  })

  test('a loss that is no number stops the job', async () => {
    ray.onAsked = (_, one) => Object.assign(one, { status: 'RUNNING', log: stepLine(0, 'nan', '0.0') })
    expect(await train()).toMatchObject({ failure: { code: 'training.not-finite' } })
    expect([...ray.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED'])
  })

  test('a job that prints nothing is warned of, then stopped', async () => {
    ray.onAsked = (_, one) => Object.assign(one, { status: one.status === 'STOPPED' ? 'STOPPED' : 'RUNNING' })
    expect(await train({ stallMs: 200 })).toMatchObject({ failure: { kind: 'underway', code: 'training.stalled' } })
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'stalled' }))
    expect([...ray.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED'])
  })

  test('a job that waits for GPUs is not taken for hung', async () => {
    ray.onAsked = (id, one, times) => times > 20 && goWell(id, one, times - 20)
    unwrap(await train({ stallMs: 60 }))
  })

  test('on demand it is stopped, and begun again by the next', async () => {
    const control = new AbortController()
    ray.onAsked = (_, one, times) => {
      if (one.status === 'PENDING') one.status = 'RUNNING'
      if (times === 3) control.abort()
    }
    expect(await train({}, control.signal)).toMatchObject({ failure: { kind: 'interrupted', code: 'interrupted' } })
    expect([...ray.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED'])
    ray.onAsked = goWell
    unwrap(await train())
    expect([...ray.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED', 'SUCCEEDED', 'SUCCEEDED'])
  })

  test('a job that somebody stopped is told as that', async () => {
    ray.onAsked = (_, one) => Object.assign(one, { status: 'STOPPED' })
    expect(await train()).toMatchObject({ failure: { code: 'training.stopped' } })
  })

  test('a lost job is told, and submitted anew by the next run', async () => {
    ray.onAsked = (id, one, times) => {
      one.status = 'RUNNING'
      if (times === 2) ray.jobs.delete(id)
    }
    expect(await train()).toMatchObject({ failure: { kind: 'underway', code: 'training.job-lost' } })
    ray.onAsked = goWell
    unwrap(await train())
  })

  test('a job that was written down and never arrived is submitted anew, with a line that says so', async () => {
    ray.refuse = (method, route) =>
      method === 'POST' && route === '/api/jobs/' ? { status: 500, body: 'broken' } : null
    expect(await train()).toMatchObject({ failure: { code: 'cluster.answered-badly' } })
    ray.refuse = () => null
    ray.onAsked = goWell
    unwrap(await train())
    expect(events[0]).toMatchObject({ type: 'note', text: expect.stringContaining('submitted anew') })
  })

  test('a cluster that is away for a moment is waited for, one that stays away is not', async () => {
    let answers = 0
    ray.onAsked = goWell
    ray.refuse = (_, route) => {
      if (!route.includes('/logs')) return null
      answers += 1
      return answers < 4 ? { status: 502, body: 'Bad Gateway' } : null
    }
    unwrap(await train())
    expect(events.filter((event) => event.type === 'note' && event.text.includes('asking again'))).toHaveLength(1)

    job = await slimeJob(samplesOf(6), { batchSize: 4, epochs: 2 })
    ray.refuse = (_, route) => (route.includes('/logs') ? { status: 502, body: '' } : null)
    expect(await train()).toMatchObject({ failure: { kind: 'underway', code: 'cluster.answered-badly' } })
    const [left] = [...ray.jobs.keys()].slice(-1)
    ray.refuse = () => null
    unwrap(await train())
    expect([...ray.jobs.keys()].filter((id) => id.includes('train')).at(-1)).toBe(left)
  })

  test('no cluster at all, one that wants a login, and none named', async () => {
    const codes = async (options: SlimeOptions) =>
      unwrap(await engineWith(options).check(job)).missing.map(({ kind, code }) => `${kind} ${code}`)
    expect(await codes({})).toEqual([])
    ray.refuse = () => ({ status: 401, body: '' })
    expect(await codes({})).toEqual(['missing cluster.refused'])
    const { address } = ray
    await ray.close()
    expect(await codes({ address })).toEqual(['missing cluster.unreachable'])
    expect(await codes({ address: 'head:8265' })).toEqual(['missing cluster.no-address'])
    expect(unwrap(await slimeEngine().check(job)).missing.map(({ code }) => code)).toEqual([
      'slime.no-shared-folder',
      'cluster.no-address',
    ])
    ray = await serveRay()
  })

  test('a server that is not Ray', async () => {
    ray.refuse = () => ({ status: 200, body: '<html>' })
    expect(unwrap(await engineWith().check(job)).missing).toMatchObject([{ code: 'cluster.answered-badly' }])
  })

  test('a model that this machine does not see is named, and taken once it is copied here', async () => {
    ray.onAsked = (id, one, times) =>
      one.entrypoint.includes('convert') ? (one.status = 'SUCCEEDED') : goWell(id, one, times)
    expect(await train()).toMatchObject({ failure: { kind: 'missing', code: 'slime.result-not-here' } })
    await mkdir(path.join(job.folder, 'model'))
    await writeFile(path.join(job.folder, 'model', 'config.json'), '{}')
    expect(unwrap(await train())).toMatchObject({ path: 'model', steps: 3 })
  })

  test('a job that waits for GPUs says so once', async () => {
    const waits = (seconds: number): string =>
      `Waiting for placement group of 64 GPUs (elapsed ${String(seconds)}s): 8 GPUs registered with Ray, 8 available.\n`
    ray.onAsked = async (id, one, times) => {
      if (times === 1 && one.entrypoint === 'bash launch.sh') one.log = waits(30) + waits(60)
      await goWell(id, one, times)
    }
    unwrap(await train())
    expect(events.filter((event) => event.type === 'warning')).toMatchObject([{ code: 'waiting-for-gpus' }])
  })

  test('a log that tells no steps is a warning', async () => {
    ray.onAsked = async (id, one, times) => {
      await goWell(id, one, times)
      one.log = 'nothing\n'
    }
    expect(unwrap(await train()).loss).toEqual([])
    expect(events.at(-1)).toMatchObject({ type: 'warning', code: 'steps-untold' })
  })
})

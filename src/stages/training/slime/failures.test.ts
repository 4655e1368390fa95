import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { TrainingEvent } from '../engine.js'
import { slimeEngine } from './engine.js'
import { layoutOf } from './files/index.js'
import type { SlimeOptions } from './options.js'
import { stepLine, serveRay } from './testing/ray-server.js'
import { LOG, ServedRun } from './testing/served-run.js'

let served: ServedRun
beforeEach(async () => {
  served = await ServedRun.begin()
})
afterEach(() => served.ray.close())

describe('what goes wrong', () => {
  const failing = (log: string, message?: string) => {
    served.ray.onAsked = (_, one) => Object.assign(one, { log, status: 'FAILED', ...(message && { message }) })
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
    const ended = await served.train()
    expect(ended).toMatchObject({ ok: false, failure: { kind: 'underway', code } })
    if (code !== 'training.not-finite') expect(JSON.stringify(ended)).toContain(said.slice(0, 20).split("'")[0])
    expect(await readFile(layoutOf(served.job.folder).log, 'utf8')).toContain(said)
  })

  test('a job that died without a word tells what Ray says of it', async () => {
    failing('', 'Job entrypoint command failed with exit code 137')
    expect(JSON.stringify(await served.train())).toContain('exit code 137')
  })

  test('a loss that is no number stops the job', async () => {
    served.ray.onAsked = (_, one) => Object.assign(one, { status: 'RUNNING', log: stepLine(0, 'nan', '0.0') })
    expect(await served.train()).toMatchObject({ failure: { code: 'training.not-finite' } })
    expect([...served.ray.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED'])
  })

  test('a job that prints nothing is warned of, then stopped', async () => {
    served.ray.onAsked = (_, one) => Object.assign(one, { status: one.status === 'STOPPED' ? 'STOPPED' : 'RUNNING' })
    expect(await served.train({ stallMs: 200 })).toMatchObject({
      failure: { kind: 'underway', code: 'training.stalled' },
    })
    expect(served.events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'stalled' }))
    expect([...served.ray.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED'])
  })

  test('a job that waits for GPUs is not taken for hung', async () => {
    served.ray.onAsked = (id, one, times) => times > 20 && served.goWell(id, one, times - 20)
    unwrap(await served.train({ stallMs: 60 }))
  })

  test('on demand it is stopped, and begun again by the next', async () => {
    const control = new AbortController()
    served.ray.onAsked = (_, one, times) => {
      if (one.status === 'PENDING') one.status = 'RUNNING'
      if (times === 3) control.abort()
    }
    expect(await served.train({}, control.signal)).toMatchObject({
      failure: { kind: 'interrupted', code: 'interrupted' },
    })
    expect([...served.ray.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED'])
    served.ray.onAsked = served.goWell
    unwrap(await served.train())
    expect([...served.ray.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED', 'SUCCEEDED', 'SUCCEEDED'])
  })

  test('one whose limi is gone is stopped by name, and begun again by the next', async () => {
    const engine = served.engineWith()
    expect(unwrap(await engine.stop!(served.job.folder))).toBe(false)
    served.ray.onAsked = (_, one) => {
      if (one.status === 'PENDING') Object.assign(one, { status: 'RUNNING', log: LOG[0] })
    }
    unwrap(await engine.prepare(served.job))
    const gone = new Error('limi is gone')
    const onEvent = (event: TrainingEvent): void => {
      if (event.type === 'step') throw gone
    }
    await expect(engine.run(served.job, { onEvent })).rejects.toBe(gone)
    expect(unwrap(await engine.stop!(served.job.folder))).toBe(true)
    expect(unwrap(await engine.stop!(served.job.folder))).toBe(false)
    served.ray.onAsked = served.goWell
    unwrap(await served.train())
    expect([...served.ray.jobs.values()].map(({ status }) => status)).toEqual(['STOPPED', 'SUCCEEDED', 'SUCCEEDED'])
  })

  test('a job that somebody stopped is told as that', async () => {
    served.ray.onAsked = (_, one) => Object.assign(one, { status: 'STOPPED' })
    expect(await served.train()).toMatchObject({ failure: { code: 'training.stopped' } })
  })

  test('a lost job is told, and submitted anew by the next run', async () => {
    served.ray.onAsked = (id, one, times) => {
      one.status = 'RUNNING'
      if (times === 2) served.ray.jobs.delete(id)
    }
    expect(await served.train()).toMatchObject({ failure: { kind: 'underway', code: 'training.job-lost' } })
    served.ray.onAsked = served.goWell
    unwrap(await served.train())
  })

  test('a job that was written down and never arrived is submitted anew, with a line that says so', async () => {
    served.ray.refuse = (method, route) =>
      method === 'POST' && route === '/api/jobs/' ? { status: 500, body: 'broken' } : null
    expect(await served.train()).toMatchObject({ failure: { code: 'cluster.answered-badly' } })
    served.ray.refuse = () => null
    served.ray.onAsked = served.goWell
    unwrap(await served.train())
    expect(served.events[0]).toMatchObject({ type: 'note', text: expect.stringContaining('submitted anew') })
  })

  test('a cluster that is away for a moment is waited for, one that stays away is not', async () => {
    let answers = 0
    served.ray.onAsked = served.goWell
    served.ray.refuse = (_, route) => {
      if (!route.includes('/logs')) return null
      answers += 1
      return answers < 4 ? { status: 502, body: 'Bad Gateway' } : null
    }
    unwrap(await served.train())
    expect(served.events.filter((event) => event.type === 'note' && event.text.includes('asking again'))).toHaveLength(
      1,
    )

    served.job = await ServedRun.newJob()
    served.ray.refuse = (_, route) => (route.includes('/logs') ? { status: 502, body: '' } : null)
    expect(await served.train()).toMatchObject({ failure: { kind: 'underway', code: 'cluster.answered-badly' } })
    const [left] = [...served.ray.jobs.keys()].slice(-1)
    served.ray.refuse = () => null
    unwrap(await served.train())
    expect([...served.ray.jobs.keys()].filter((id) => id.includes('train')).at(-1)).toBe(left)
  })

  test('no cluster at all, one that wants a login, and none named', async () => {
    const codes = async (options: SlimeOptions) =>
      unwrap(await served.engineWith(options).check(served.job)).missing.map(({ kind, code }) => `${kind} ${code}`)
    expect(await codes({})).toEqual([])
    served.ray.refuse = () => ({ status: 401, body: '' })
    expect(await codes({})).toEqual(['missing cluster.refused'])
    const { address } = served.ray
    await served.ray.close()
    expect(await codes({ address })).toEqual(['missing cluster.unreachable'])
    expect(await codes({ address: 'head:8265' })).toEqual(['missing cluster.no-address'])
    expect(unwrap(await slimeEngine().check(served.job)).missing.map(({ code }) => code)).toEqual([
      'slime.no-shared-folder',
      'cluster.no-address',
    ])
    served.ray = await serveRay()
  })

  test('a server that is not Ray', async () => {
    served.ray.refuse = () => ({ status: 200, body: '<html>' })
    expect(unwrap(await served.engineWith().check(served.job)).missing).toMatchObject([
      { code: 'cluster.answered-badly' },
    ])
  })

  test('a model that this machine does not see is named, and taken once it is copied here', async () => {
    served.ray.onAsked = (id, one, times) =>
      one.entrypoint.includes('convert') ? (one.status = 'SUCCEEDED') : served.goWell(id, one, times)
    expect(await served.train()).toMatchObject({ failure: { kind: 'missing', code: 'slime.result-not-here' } })
    await mkdir(path.join(served.job.folder, 'model'))
    await writeFile(path.join(served.job.folder, 'model', 'config.json'), '{}')
    expect(unwrap(await served.train())).toMatchObject({ path: 'model', steps: 3 })
  })

  test('a job that waits for GPUs says so once', async () => {
    const waits = (seconds: number): string =>
      `Waiting for placement group of 64 GPUs (elapsed ${String(seconds)}s): 8 GPUs registered with Ray, 8 available.\n`
    served.ray.onAsked = async (id, one, times) => {
      if (times === 1 && one.entrypoint === 'bash launch.sh') one.log = waits(30) + waits(60)
      await served.goWell(id, one, times)
    }
    unwrap(await served.train())
    expect(served.events.filter((event) => event.type === 'warning')).toMatchObject([{ code: 'waiting-for-gpus' }])
  })

  test('a log that tells no steps is a warning', async () => {
    served.ray.onAsked = async (id, one, times) => {
      await served.goWell(id, one, times)
      one.log = 'nothing\n'
    }
    expect(unwrap(await served.train()).loss).toEqual([])
    expect(served.events.at(-1)).toMatchObject({ type: 'warning', code: 'steps-untold' })
  })
})

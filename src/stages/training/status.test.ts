import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { begin } from './begun.js'
import type { TrainingJob } from './engine.js'
import { EventLog, eventsFile } from './events.js'
import { statusOfRun, statusOfRuns } from './status.js'
import { rootOf, smallJob } from './testing/small-job.js'

let job: TrainingJob
beforeEach(async () => {
  job = await smallJob()
  unwrap(await begin({ job, engine: { name: 'trl' }, onEvent: () => undefined }))
})
afterEach(() => rm(rootOf(job), { recursive: true, force: true }))

const US = { pid: 4711, host: 'here' }
function logOf(): EventLog {
  const log = new EventLog(eventsFile(job.folder), () => undefined)
  log.append({ type: 'attempt', engine: 'trl', ...US })
  log.append({ type: 'started', steps: 9, from: 0 })
  log.append({ type: 'step', step: 2, steps: 9, loss: 0.5, learningRate: 0.1, tokens: 20, secondsLeft: 100 })
  return log
}

test('runs while the process that began the attempt holds the project, on its own host', async () => {
  logOf()
  const running = unwrap(await statusOfRun(job.folder, US))
  expect(running).toMatchObject({
    ...{ run: 'run-1', state: 'running', engine: 'trl', base: 'dir:base', dataset: 'd1', step: 2, steps: 9 },
    ...{ loss: 0.5, learningRate: 0.1, tokens: 20, worker: US, checkpoint: null, saved: 0 },
  })
  expect(running.secondsLeft).toBeGreaterThan(90)
  expect(running.secondsLeft).toBeLessThanOrEqual(100)
  for (const other of [null, { ...US, pid: 1 }, { ...US, host: 'there' }])
    expect(unwrap(await statusOfRun(job.folder, other))).toMatchObject({ state: 'interrupted', secondsLeft: null })
})

test.each(['interrupted', 'failed'] as const)('one that ended %s says why', async (state) => {
  const failure = { kind: 'underway' as const, code: 'training.x', message: 'no room', remedy: 'make some' }
  logOf().append({ type: 'ended', state, failure })
  expect(unwrap(await statusOfRun(job.folder, US))).toMatchObject({ state, failure, worker: null })
})

test('one that was never begun is absent; one with nothing but its beginning is interrupted', async () => {
  expect(await statusOfRun(path.join(rootOf(job), 'training', 'none'), null)).toMatchObject({
    failure: { kind: 'input', code: 'training.absent' },
  })
  expect(unwrap(await statusOfRun(job.folder, null))).toMatchObject({ state: 'interrupted', step: 0, loss: null })
})

test('what cannot be read is said, and other folders are no runs', async () => {
  logOf()
  await appendFile(eventsFile(job.folder), 'nonsense\n')
  const training = path.dirname(job.folder)
  await mkdir(path.join(training, 'empty'))
  await writeFile(path.join(training, 'file'), '')
  const all = unwrap(await statusOfRuns(training, null))
  expect(all.map(({ run }) => run)).toEqual(['run-1'])
  expect(all[0]?.warnings).toMatchObject([{ code: 'progress.unread' }])
})

test('one whose beginning is damaged is not told as absent', async () => {
  await writeFile(path.join(job.folder, 'begun.json'), '{')
  expect(await statusOfRun(job.folder, null)).toMatchObject({ ok: false, failure: { code: 'file.invalid' } })
})

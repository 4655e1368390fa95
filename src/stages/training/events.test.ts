import { appendFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap, type Failure } from '../../nouns/index.js'
import type { TrainingEvent } from './engine.js'
import { EventLog, eventsFile, readEvents } from './events.js'
import { progressOf } from './progress.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limi events ü-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const never = (failure: Failure): void => {
  throw new Error(failure.message)
}
const step = (number: number, more: object = {}): TrainingEvent => ({
  ...{ type: 'step', step: number, steps: 9, loss: 1 / number, tokens: number * 10, secondsLeft: 9 - number },
  ...more,
})
const stepsIn = async (): Promise<number[]> =>
  unwrap(await readEvents(folder)).events.flatMap((event) => (event.type === 'step' ? [event.step] : []))

test('what was cut by a crash costs that line alone', async () => {
  new EventLog(eventsFile(folder), never).append(step(1))
  await appendFile(eventsFile(folder), '{"type":"step","st')
  const log = new EventLog(eventsFile(folder), never)
  log.append(step(2))
  log.append(step(3))
  expect(await stepsIn()).toEqual([1, 2, 3])
  expect(unwrap(await readEvents(folder)).unread).toBe(1)
})

test('what is read back is what was written, but for what JSON cannot hold', async () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true })
  const events = fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('note' as const), text: fc.string({ unit: 'binary' }) }),
      fc.record({ type: fc.constant('held-out' as const), step: fc.nat(), epoch: number, loss: number }),
      fc.record({ type: fc.constant('saved' as const), step: fc.nat() }),
    ),
  )
  await fc.assert(
    fc.asyncProperty(events, async (given) => {
      await rm(eventsFile(folder), { force: true })
      const log = new EventLog(eventsFile(folder), never)
      given.forEach((event) => log.append(event))
      const { events: read } = unwrap(await readEvents(folder))
      expect(read.map(({ time, ...event }) => [typeof time, event])).toEqual(
        given.map((event) => ['string', JSON.parse(JSON.stringify(event)) as unknown]),
      )
    }),
    { numRuns: 30 },
  )
})

test('a loss that is no number reads as none', async () => {
  new EventLog(eventsFile(folder), never).append(step(1, { loss: Number.NaN }))
  expect(progressOf(unwrap(await readEvents(folder)).events).points[0]?.loss).toBe(null)
})

test.runIf(process.platform === 'linux')(
  'a full disk is told once, and what was lost is counted afterwards',
  async () => {
    await symlink('/dev/full', eventsFile(folder))
    const told: string[] = []
    const log = new EventLog(eventsFile(folder), ({ code }) => told.push(code))
    for (const number of [1, 2, 3]) log.append(step(number))
    expect(told).toEqual(['disk.full'])
    await rm(eventsFile(folder))
    log.append(step(4))
    const { events } = unwrap(await readEvents(folder))
    expect(events).toMatchObject([{ type: 'warning', text: expect.stringContaining('3 lines') as string }, { step: 4 }])
  },
)

test('lines of anything else are counted, not believed', async () => {
  await writeFile(
    eventsFile(folder),
    'x\n[]\n{"type":"step"}\n{"type":"saved","step":"2","time":"2026-01-01T00:00:00Z"}\n',
  )
  expect(unwrap(await readEvents(folder))).toEqual({ events: [], unread: 4 })
  expect(await readFile(eventsFile(folder), 'utf8')).toContain('x\n')
})

test('a step made again after an interruption counts once, as it came out last', () => {
  const at = (seconds: number) => ({ time: new Date(1_700_000_000_000 + seconds * 1000).toISOString() })
  const attempt = { type: 'attempt' as const, engine: 'trl', pid: 1, host: 'h' }
  const made = (number: number, seconds: number, loss: number) =>
    ({ ...at(seconds), type: 'step', step: number, steps: 4, loss, tokens: number * 10, secondsLeft: 1 }) as const
  const progress = progressOf([
    { ...attempt, ...at(0) },
    made(1, 1, 9),
    { type: 'saved', step: 1, ...at(1) },
    made(2, 2, 8),
    { ...attempt, ...at(3) },
    made(2, 4, 7),
    made(3, 6, 6),
  ])
  expect(progress.points.map(({ loss }) => loss)).toEqual([9, 7, 6])
  expect(progress).toMatchObject({ attempts: 2, saved: 1, ended: null, tokensPerSecond: 5 })
})

import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import type { ScriptEntry } from '../../src/nouns/index.js'
import type { ShownEvaluation } from '../../src/stages/evaluation/index.js'
import { limiForTests } from '../support/cli.js'
import { stateOf } from '../support/files.js'
import { writeConfig, writeScript } from '../support/project.js'
import { solutions } from '../support/solver.js'

const limi = limiForTests()
const TASKS = 200
const TRIALS = 3
const KILLS = 10

const evaluate = [
  ...['eval', 'run', 'shell', '--agent', 'shell', '--tasks', `heldOutValues=${TASKS}`],
  ...['--trials', String(TRIALS), '--id', 'all', '--concurrency', '4'],
]

/** An agent that solves a third of the tasks at once, a third after feedback, and the rest never. */
const mixed = (): ScriptEntry[] =>
  solutions(TASKS).map(({ request, replies }, at) => {
    const idle = ['Done.', 'Done.', 'Done.']
    const said = [replies, ['Done.', ...replies], []][at % 3] ?? []
    return { request, replies: [...said, ...idle].map((text) => ({ text, delayMs: 1 })) }
  })

const projectIn = async (root: string): Promise<void> => {
  await writeConfig(root)
  await writeScript(path.join(root, 'scripts/expert.jsonl'), mixed())
}

const [undisturbed, killed] = ['undisturbed', 'killed'].map((name) => path.join(limi.place, name)) as [string, string]
beforeAll(async () => {
  await projectIn(undisturbed)
  await projectIn(killed)
})

const timeless = (metrics: ShownEvaluation['metrics']) => ({ ...metrics, seconds: null })

/** What an evaluation says, apart from how long it took and how often a trajectory had to be begun. */
const said = (shown: ShownEvaluation) => ({
  ...shown,
  metrics: timeless(shown.metrics),
  suites: Object.values(shown.suites).map(timeless),
  trials: shown.trials.map((row) => ({ ...row, seconds: 0, trajectory: row.trajectory !== null })),
})

const trialsOf = (root: string): string => path.join(root, 'evaluations/all/trials')
const countOf = (root: string): number =>
  existsSync(trialsOf(root)) ? readdirSync(trialsOf(root)).filter((name) => name.endsWith('.json')).length : 0

/** Every finished trial with its bytes and its time; what a kill left half-written is no trial. */
const finishedIn = (root: string): Record<string, string> =>
  countOf(root) === 0
    ? {}
    : Object.fromEntries(Object.entries(stateOf(trialsOf(root))).filter(([name]) => name.endsWith('.json')))

it('200 tasks × 3 trials, killed at ten random moments and resumed, give the summary of an undisturbed run', async () => {
  const whole = await limi.json<ShownEvaluation>(undisturbed, ...evaluate)
  expect([whole.code, whole.data.trials.length]).toEqual([0, TASKS * TRIALS])
  expect(whole.data.metrics.SR.value).toBeGreaterThan(0.1)
  expect(whole.data.metrics.SR.value).toBeLessThan(0.9)

  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = finishedIn(killed)
    const moment = countOf(killed) + Math.floor(Math.random() * 55)
    const child = limi.start(killed, ...evaluate)
    while (countOf(killed) < moment || countOf(killed) === 0) await wait(1)
    await wait(Math.random() * 20)
    child.kill('SIGKILL')
    expect((await child).signal).toBe('SIGKILL')
    // What was finished is never made again.
    expect(finishedIn(killed)).toMatchObject(before)
    expect(existsSync(path.join(killed, 'evaluations/all/manifest.json'))).toBe(false)
  }
  const underWay = await limi.json<ShownEvaluation>(killed, 'eval', 'show', 'all')
  expect(underWay.data).toMatchObject({ finished: false, planned: TASKS * TRIALS, done: countOf(killed), damaged: [] })

  const resumed = await limi.json<ShownEvaluation>(killed, ...evaluate)
  expect(resumed.code).toBe(0)
  expect(said(resumed.data)).toEqual(said(whole.data))
  expect(readdirSync(trialsOf(killed)).filter((name) => !name.endsWith('.json'))).toEqual([])
}, 240_000)

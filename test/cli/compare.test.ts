import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Verdict } from '../../src/nouns/index.js'
import type { ComparisonPlan } from '../../src/stages/evaluation/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { AGENT, writeConfig, writeScript } from '../support/project.js'
import { solutions } from '../support/solver.js'

const limi = limiForTests()
const root = path.join(limi.place, 'compared')
const TASKS = 10

const evaluate = ['eval', 'run', 'shell', '--agent', 'shell', '--tasks', `heldOutValues=${TASKS}`]

/** Solves the first tasks and does nothing on the others. */
async function writeSolver(name: string, solved: number): Promise<string> {
  const entries = solutions(TASKS).map(({ request, replies }, at) => ({
    request,
    replies: at < solved ? replies.map((text) => ({ text })) : Array.from({ length: 3 }, () => ({ text: 'Done.' })),
  }))
  await writeScript(path.join(root, `scripts/${name}.jsonl`), entries)
  return `script:scripts/${name}.jsonl`
}

beforeAll(async () => {
  await writeConfig(root)
  const few = await writeSolver('few', 2)
  const some = await writeSolver('some', 5)
  const all = await writeSolver('all', TASKS)
  await limi.run(root, ...evaluate, '--id', 'few', '--model', few)
  await limi.run(root, ...evaluate, '--id', 'some', '--model', some)
  await limi.run(root, ...evaluate, '--id', 'all', '--model', all, '--trials', '2')
})

describe('limi compare', () => {
  it('tells a gain over several metrics, with the trials that both have', async () => {
    const { code, data, stderr } = await limi.json<Verdict>(root, 'compare', 'few', 'all')
    expect([code, data.verdict, data.primary]).toEqual([0, 'gain', 'SR'])
    expect(Verdict.safeParse(data).success).toBe(true)
    // Eight tasks turn, none back: 2 · ½⁸; the largest of four equal p values after Holm is no smaller than p.
    expect(data.metrics?.['SR']).toMatchObject({ difference: 0.8, n: 10, onlyA: 0, onlyB: 8 })
    expect(data.metrics?.['SR']?.p).toBeCloseTo(2 / 2 ** 8, 12)
    expect(Object.keys(data.metrics ?? {})).toEqual(['SR', 'FTFC', 'RC', 'score'])
    for (const { p, pAdjusted } of Object.values(data.metrics ?? {})) expect(pAdjusted).toBeGreaterThanOrEqual(p)
    expect(Object.keys(data.suites)).toEqual(['heldOutValues'])
    expect(stderr).toMatch(/the second has 2 trials a task, the other 1/)
  })

  it('says how many more tasks it takes where nothing was shown', async () => {
    const { code, data } = await limi.json<Verdict>(root, 'compare', 'few', 'some')
    expect([code, data.verdict]).toEqual([1, 'not-shown'])
    const more = data.metrics?.['SR']?.more?.tasks ?? 0
    // Three of ten turn and none back: scipy's exact power passes 0.8 at 25 tasks (oracle/recorded.json).
    expect(more).toBe(15)
    const { stdout } = await limi.run(root, 'compare', 'few', 'some')
    expect(stdout).toMatch(
      /^all tasks \(some against few\): not shown: at least 15 more tasks would show a difference as large as the one seen/mu,
    )
    expect(stdout).toMatch(/^metric +verdict +difference/mu)
  })

  it('refuses another prompt by name', async () => {
    await writeConfig(root, { agents: { shell: { ...AGENT, systemPrompt: 'Be brief' } } })
    await limi.run(root, ...evaluate, '--id', 'brief', '--model', 'script:scripts/few.jsonl')
    expectRefusal(await limi.run(root, 'compare', 'few', 'brief'), {
      code: 'compare.incomparable',
      what: /prompt \(agent\.systemPrompt\) .*"Be brief"/u,
      todo: /only the model may differ/u,
    })
  })
})

describe('limi compare --plan', () => {
  it('plans without a project, and with what an evaluation showed', async () => {
    const bare = await limi.json<ComparisonPlan>(
      limi.place,
      'compare',
      '--plan',
      '--effect',
      '0.2',
      '--baseline',
      '0.4',
    )
    expect(bare.code).toBe(0)
    expect(bare.data).toMatchObject({ effect: 0.2, power: 0.8, alpha: 0.05, baseline: 0.4, assumed: true })
    const tasks = bare.data.needed.map((one) => one.tasks ?? Infinity)
    expect(tasks).toEqual([...tasks].sort((a, b) => b - a))
    const from = await limi.json<ComparisonPlan>(root, 'compare', '--plan', '--from', 'few', '--effect', '0.3')
    expect(from.data).toMatchObject({ baseline: 0.2, assumed: true, from: { id: 'few', tasks: 10 } })
    // Both trials of each task ended alike: no chance in it, and the three tasks in ten that turn are all there is.
    const twice = await limi.json<ComparisonPlan>(
      root,
      'compare',
      '--plan',
      '--from',
      'all',
      '--baseline',
      '0.2',
      '--effect',
      '0.3',
      '--discordant',
      '0',
    )
    expect(twice.data.needed[0]?.tasks).toBeLessThan(28)
    const text = await limi.run(root, 'compare', '--plan', '--from', 'few')
    expect(text.stdout).toMatch(/^trials a task +tasks +trials of both evaluations/mu)
    expect(text.stdout).toMatch(/assumed: two trials of the same task/u)
  })

  it('refuses what cannot be planned', async () => {
    const plan = (...args: string[]) => limi.run(root, 'compare', '--plan', ...args)
    expectRefusal(await plan('--from', 'all'), {
      code: 'plan.effect',
      what: /1\.00 cannot rise by 0\.1/u,
      todo: /--effect/u,
    })
    expectRefusal(await plan('--baseline', '0.1', '--discordant', '0.5'), { code: 'plan.discordant', what: /0\.180/u })
    expectRefusal(await plan('few'), { code: 'usage', what: /--plan compares nothing/u, todo: /--from few/u })
    expectRefusal(await limi.run(root, 'compare', 'few'), { code: 'usage', what: /two evaluations/u })
    expect((await plan('--effect', '2')).code).toBe(2)
    expectRefusal(await plan('--from', 'nowhere'), { code: 'evaluation.unfinished', what: /nowhere/u })
  })
})

import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ScriptEntry, Verdict } from '../../src/nouns/index.js'
import type { ListedEvaluation, ShownEvaluation } from '../../src/stages/evaluation/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { stateOf } from '../support/files.js'
import { writeConfig, writeScript } from '../support/project.js'
import { solutions } from '../support/solver.js'

const limi = limiForTests()
const root = path.join(limi.place, 'ours ü')
const TASKS = 6

const solver = (): ScriptEntry[] =>
  solutions(TASKS).map(({ request, replies }) => ({ request, replies: replies.map((text) => ({ text })) }))

const evaluate = ['eval', 'run', 'shell', '--agent', 'shell', '--tasks', `heldOutValues=${TASKS}`]

beforeAll(async () => {
  await writeConfig(root)
  await writeScript(path.join(root, 'scripts/expert.jsonl'), solver())
  await writeScript(path.join(root, 'scripts/idle.jsonl'), [
    { replies: Array.from({ length: 3 }, () => ({ text: 'Done.' })) },
  ])
})

describe('limi eval', () => {
  it('gives an expert every task and one who does nothing none', async () => {
    const expert = await limi.json<ShownEvaluation>(root, ...evaluate, '--id', 'expert')
    expect(expert.code).toBe(0)
    expect(expert.data.metrics.SR).toMatchObject({ value: 1, high: 1, n: TASKS })
    expect(expert.data.metrics.SR.low).toBeGreaterThan(0.4)
    const idle = await limi.run(root, ...evaluate, '--id', 'idle', '--model', 'script:scripts/idle.jsonl')
    expect(idle.code).toBe(0)
    expect(idle.stdout).toMatch(/0\.00 \[0\.00, 0\.\d\d\] n=6/u)
    expect(idle.stdout).toContain('→ evaluations/idle/')
    const shown = await limi.json<ShownEvaluation>(root, 'eval', 'show', 'idle')
    expect(shown.data.metrics.SR).toMatchObject({ value: 0, low: 0, n: TASKS })
  })

  it('does nothing where it was finished, and lists and shows what there is', async () => {
    const before = stateOf(path.join(root, 'evaluations'))
    const again = await limi.run(root, ...evaluate, '--id', 'expert')
    expect(again.stdout).toMatch(/^it was finished already: nothing was done\n/u)
    expect(stateOf(path.join(root, 'evaluations'))).toEqual(before)
    const listed = await limi.json<ListedEvaluation[]>(root, 'eval', 'list')
    expect((listed.data as ListedEvaluation[]).map((one) => one.id)).toEqual(['expert', 'idle'])
    expect((await limi.run(root, 'eval', 'list')).stdout).toMatch(/expert/u)
    const text = await limi.run(root, 'eval', 'show', 'expert')
    expect([text.code, [...text.stdout.matchAll(/shell-[a-z-]+-values-\d\d/gu)].length]).toEqual([0, TASKS])
  })

  it('refuses what is not there, and another measurement under the same name', async () => {
    const other = await limi.run(root, ...evaluate, '--id', 'expert', '--rounds', '2')
    expectRefusal(other, { code: 'evaluation.changed', what: /rounds/, todo: /--id|another/ })
    const nowhere = await limi.run(root, 'eval', 'run', 'shel', '--agent', 'shell')
    expectRefusal(nowhere, { code: 'benchmark.unknown', what: /shel/, todo: /shell/ })
    const suite = await limi.run(root, 'eval', 'run', 'shell', '--agent', 'shell', '--tasks', 'others=3')
    expectRefusal(suite, { code: 'benchmark.suite', what: /others/, todo: /heldOutValues/ })
    const hostile = await limi.run(root, ...evaluate, '--id', '../x')
    expectRefusal(hostile, { code: 'id.invalid', what: /cannot be an id/ })
    for (const id of ['no-such', '../../x']) {
      const absent = await limi.run(root, 'eval', 'show', id)
      expect([id, absent.code]).toEqual([id, 2])
    }
  })
})

describe('limi compare and why', () => {
  it('tell a gain, and no gain with exit code 1', async () => {
    const gain = await limi.json<Verdict>(root, 'compare', 'idle', 'expert')
    expect([gain.code, gain.data.verdict]).toEqual([0, 'gain'])
    const suite = Object.values(gain.data.suites)[0]
    // Six tasks, all won: twice a half to the sixth power.
    expect(suite?.p).toBeCloseTo(2 * 0.5 ** 6, 10)
    expect([suite?.difference, suite?.verdict]).toEqual([1, 'gain'])
    const loss = await limi.run(root, 'compare', 'expert', 'idle')
    expect([loss.code, /loss/u.test(loss.stdout)]).toEqual([1, true])
    const same = await limi.json<Verdict>(root, 'compare', 'idle', 'idle')
    expect([same.code, same.data.verdict]).toEqual([1, 'not-shown'])
  })

  it('refuse what cannot be compared', async () => {
    await limi.run(root, ...evaluate, '--id', 'once', '--rounds', '1')
    const rounds = await limi.run(root, 'compare', 'expert', 'once')
    expect([rounds.code, /rounds/u.test(rounds.stderr)]).toEqual([2, true])
    expectRefusal(await limi.run(root, 'compare', 'expert', 'no-such'), {
      code: 'evaluation.unfinished',
      what: /no-such/,
      where: /no-such$/,
      todo: /eval list/,
    })
    expectRefusal(await limi.run(root, 'compare', '../x', 'expert'), { code: 'id.invalid', what: /cannot be an id/ })
  })

  it('walk from an evaluation to the model', async () => {
    const why = await limi.run(root, 'why', 'expert')
    expect(why.stdout).toMatch(/^evaluation expert: made .* by limi \d[^\n]*\n {2}← model expert: /u)
    const told = await limi.json(root, 'why', 'nothing-of-that-name')
    expect([told.code, told.data.error?.code]).toEqual([2, 'why.unknown'])
  })
})

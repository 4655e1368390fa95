import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { estimate } from './bootstrap.js'
import { csvRows } from './csv.js'
import { biasOf, cohenKappa, momentsOf, raterAgreement, weightedKappa } from './kappa.js'
import { calibrate, calibrationText, readHumanScores, scoresOf, type HumanScore, type JudgedRow } from './index.js'

interface Recorded {
  readonly weighted: readonly { judge: number[]; human: number[]; top: number; kappa: number }[]
  readonly plain: readonly { judge: number[]; human: number[]; kappa: number }[]
  readonly fleiss: readonly { answers: number[][]; kappa: number }[]
  readonly intervals: { case: number; bias: [number, number]; kappa: [number, number] }
}

const oracle = JSON.parse(await readFile(path.join(import.meta.dirname, 'oracle/recorded.json'), 'utf8')) as Recorded

const pairsOf = (judge: readonly number[], human: readonly number[], top = 1) =>
  judge.map((score, at) => [score / top, human[at]! / top] as const)

const confusionOf = (pairs: readonly (readonly [number, number])[]) => {
  const count = (judge: number, human: number) => pairs.filter(([x, y]) => x === judge && y === human).length
  return { bothYes: count(1, 1), onlyJudge: count(1, 0), onlyHuman: count(0, 1), bothNo: count(0, 0) }
}

describe('agreement', () => {
  it('is weighted as scikit-learn weighs it, whatever the scale is called', () => {
    for (const { judge, human, top, kappa } of oracle.weighted) {
      expect(weightedKappa(momentsOf(pairsOf(judge, human)))).toBeCloseTo(kappa, 10)
      expect(weightedKappa(momentsOf(pairsOf(judge, human, top)))).toBeCloseTo(kappa, 10)
    }
  })

  it('on yes or no is Cohen’s as scikit-learn computes it, and of several raters Fleiss’ as statsmodels does', () => {
    for (const { judge, human, kappa } of oracle.plain) {
      expect(cohenKappa(confusionOf(pairsOf(judge, human)))).toBeCloseTo(kappa, 10)
    }
    for (const { answers, kappa } of oracle.fleiss) {
      const questions = answers.map((row) => ({ yes: row.filter((one) => one === 1).length, raters: row.length }))
      expect(raterAgreement(questions)?.kappa).toBeCloseTo(kappa, 10)
    }
  })

  it('on a scale of two is the same weighted or not', () => {
    const answers = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 1)), { minLength: 1 })
    fc.assert(
      fc.property(answers, (pairs) => {
        const [weighted, plain] = [weightedKappa(momentsOf(pairs)), cohenKappa(confusionOf(pairs))]
        if (plain === null) expect(weighted).toBe(null)
        else expect(weighted).toBeCloseTo(plain, 9)
      }),
    )
  })

  it('is not defined where nothing differs', () => {
    expect(weightedKappa(momentsOf([[0.5, 0.5]]))).toBe(null)
    expect(cohenKappa({ bothYes: 3, onlyJudge: 0, onlyHuman: 0, bothNo: 0 })).toBe(null)
    expect(raterAgreement([{ yes: 1, raters: 1 }])).toBe(null)
  })

  it('has the bootstrap intervals that SciPy finds, where each task has one trial', () => {
    const { judge, human, top } = oracle.weighted[oracle.intervals.case]!
    const tasks = pairsOf(judge, human, top).map((pair) => momentsOf([pair]))
    const bounds = { low: -1, high: 1 }
    const [bias, kappa] = [estimate(tasks, biasOf, bounds, 'a'), estimate(tasks, weightedKappa, bounds, 'b')]
    expect(Math.abs(bias.low - oracle.intervals.bias[0])).toBeLessThan(0.004)
    expect(Math.abs(bias.high - oracle.intervals.bias[1])).toBeLessThan(0.004)
    expect(Math.abs(kappa.low - oracle.intervals.kappa[0])).toBeLessThan(0.01)
    expect(Math.abs(kappa.high - oracle.intervals.kappa[1])).toBeLessThan(0.01)
    // The same trials thrice are no more evidence.
    const thrice = estimate(
      tasks.map((one) => momentsOf(Array.from({ length: 3 }, () => [one.x, one.y] as const))),
      biasOf,
      bounds,
      'a',
    )
    expect([thrice.low, thrice.high]).toEqual([expect.closeTo(bias.low, 9), expect.closeTo(bias.high, 9)])
    const agreed = estimate([momentsOf([[1, 1]]), momentsOf([[0, 0]])], biasOf, bounds, 'a')
    expect([agreed.value, agreed.low < -0.5, agreed.high > 0.5]).toEqual([0, true, true])
  })
})

const row = (task: string, passed: readonly boolean[], more: Partial<JudgedRow> = {}): JudgedRow => ({
  task,
  trial: 1,
  subtask: 1,
  score: passed.filter(Boolean).length * 2,
  max: passed.length * 2,
  requirements: passed.map((one, at) => ({ id: `r${at}`, passed: one, weight: 2, evidence: '' })),
  judgements: [],
  ...more,
})

const human = (task: string, score: number, more: Partial<HumanScore> = {}): HumanScore => ({
  task,
  trial: 1,
  subtask: 1,
  score,
  ...more,
})

const calibrated = (rows: readonly JudgedRow[], scores: readonly HumanScore[]) => {
  const made = calibrate(rows, scores, 0)
  if (!made.ok) throw new Error(made.failure.code)
  return made.value
}

describe('calibration', () => {
  it('compares scores of the whole, and of requirements, by hand', () => {
    const rows = [row('a', [true, true]), row('b', [true, false]), row('c', [false, false])]
    const whole = calibrated(rows, [human('a', 4), human('b', 4), human('c', 0), human('d', 1)])
    // Judge 1, .5, 0 and person 1, 1, 0: Σ(x−y)² = .25; chance (3·(1.25+2) − 2·1.5·2)/3 = 1.25 of three.
    expect(whole.score.kappa.value).toBeCloseTo(1 - 0.25 / 1.25, 12)
    expect(whole.score.bias.value).toBeCloseTo(-0.5 / 3, 12)
    expect(whole.score.agreement).toMatchObject({ value: expect.closeTo(2 / 3, 12) as number, n: 3 })
    expect([whole.requirements, whole.votes]).toEqual([null, null])
    expect(whole.leftOut).toEqual(['d, trial 1, subtask 1: scored by the person, and no judged trial'])
    const each = rows.flatMap(({ task }) => [
      human(task, task === 'c' ? 0 : 1, { requirement: 'r0' }),
      human(task, task === 'c' ? 0 : 1, { requirement: 'r1' }),
    ])
    const parts = calibrated(rows, each)
    expect(parts.score.kappa.value).toBeCloseTo(whole.score.kappa.value!, 12)
    expect(parts.requirements).toMatchObject({ n: 6, bothYes: 3, onlyHuman: 1, onlyJudge: 0, bothNo: 2 })
    expect(parts.byRequirement['r1']).toMatchObject({ n: 3, agreement: expect.closeTo(2 / 3, 12) as number })
    expect(calibrationText(parts)).toMatch(/quadratic-weighted kappa +0\.800/u)
  })

  it('finds itself in full agreement with itself', () => {
    const rows = [row('a', [true, true]), row('b', [true, false]), row('c', [false, true], { trial: 2 })]
    const same = calibrated(rows, scoresOf(rows))
    expect([same.score.kappa.value, same.score.bias.value, same.requirements?.kappa]).toEqual([1, 0, 1])
  })

  it('tells how the judge’s own votes agree', () => {
    const vote = (counted: boolean) => ({
      judge: 'm',
      repeat: 1,
      prompt: '',
      raw: '',
      score: 0,
      findings: [{ id: 'r0', counted }],
    })
    const judgements = [vote(true), vote(true), vote(false), { ...vote(true), findings: undefined }]
    const rows = [row('a', [true], { judgements }), row('b', [true], { judgements: judgements.slice(0, 2) })]
    expect(calibrated(rows, [human('a', 1), human('b', 2)]).votes).toMatchObject({ n: 2, agreement: (1 / 3 + 1) / 2 })
  })

  it('refuses what cannot be compared, and leaves out another state', () => {
    const rows = [
      row('a', [true], { judgements: [{ judge: 'm', repeat: 1, prompt: '', raw: '', score: 2, sheet: 's1' }] }),
    ]
    const codeOf = (scores: readonly HumanScore[]) => {
      const made = calibrate(rows, scores, 0)
      return made.ok ? made.value.pairs : made.failure.code
    }
    expect(codeOf([human('a', 3)])).toBe('calibration.range')
    expect(codeOf([human('a', 1, { requirement: 'x' })])).toBe('calibration.requirement')
    expect(codeOf([human('b', 1)])).toBe('calibration.nothing')
    expect(codeOf([human('a', 1, { sheet: 's2' })])).toBe('calibration.nothing')
    expect(codeOf([human('a', 1, { sheet: 's1' })])).toBe(1)
  })
})

describe('a table of a person’s scores', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limi scores ü-'))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const read = async (name: string, text: string) => {
    const file = path.join(folder, name)
    await writeFile(file, text)
    return readHumanScores(file)
  }

  it('is CSV or YAML', async () => {
    const csv = await read('s.csv', '\ufeffTask,trial,requirement,score\r\n"a, b",1,r0,yes\r\n\r\na,2,,1.5\r\n')
    const yaml = await read(
      's.yaml',
      '- {task: "a, b", trial: 1, requirement: r0, score: true}\n- {task: a, trial: 2, score: 1.5}\n',
    )
    expect(csv).toEqual(yaml)
    expect(csv).toMatchObject({
      value: [
        { task: 'a, b', trial: 1, subtask: 1, requirement: 'r0', score: 1 },
        { trial: 2, score: 1.5 },
      ],
    })
  })

  it.each([
    ['s.csv', 'task,trial,score\na,1,1\na,0,1\n', /s\.csv:3$/],
    ['s.csv', 'task,trial,score\n"a\nb",1,1\na,1,often\n', /s\.csv:4$/],
    ['s.csv', 'task,trial,score\na,1,1\na,1,2\n', /s\.csv:3$/],
    ['s.csv', 'task,trial,requirement,score\na,1,r0,2\n', /s\.csv:2$/],
    ['s.csv', 'task,trial,score\na,1,\n', /s\.csv:2$/],
    ['s.csv', '', /s\.csv$/],
    ['s.yaml', 'task: a', /s\.yaml$/],
    ['s.yaml', '- {task: a, trial: 1, score: -1}', /entry 1$/],
    ['s.yaml', '- [', /s\.yaml$/],
  ])('%s of %j is refused with its place', async (name, text, where) => {
    const made = await read(name, text)
    expect(made).toMatchObject({
      ok: false,
      failure: { code: 'calibration.scores', where: expect.stringMatching(where) as string },
    })
  })

  it('reads back what a CSV writer of quotes wrote', () => {
    const field = fc.stringMatching(/^[a-z",\n ]{0,8}$/u).map((text) => text.trim())
    fc.assert(
      fc.property(fc.array(fc.tuple(field, fc.stringMatching(/^[a-z]{1,5}$/u))), (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
        const text = ['a,b', ...rows.map(([a, b]) => `${quoted(a)},${quoted(b)}`)].join('\r\n')
        expect(csvRows(text).map(({ fields }) => [fields['a'], fields['b']])).toEqual(rows.map(([a, b]) => [a, b]))
      }),
    )
  })
})

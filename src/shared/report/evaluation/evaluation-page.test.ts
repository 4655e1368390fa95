import { describe, expect, it } from 'vitest'
import { renderEvaluationPage, type EvaluationReport } from './index.js'

const rate = (value: number, n = 4) => ({ value, low: Math.max(0, value - 0.2), high: Math.min(1, value + 0.2), n })
const requirement = (id: string, passed: boolean) => ({ id, passed, evidence: `saw ${id}` })
const round = (passed: boolean) => ({
  score: passed ? 2 : 1,
  max: 2,
  passed,
  requirements: [requirement('a', true), requirement('b', passed)],
})

const report: EvaluationReport = {
  id: 'curated',
  benchmark: 'own',
  agent: 'shell',
  model: 'checkpoint:curated',
  rounds: 3,
  planned: 4,
  done: 4,
  warnings: [],
  measured: [
    {
      name: 'All tasks',
      metrics: {
        FTFC: rate(0.5),
        SR: rate(0.75),
        RC: rate(0.5, 3),
        tokens: { value: 1234.5, low: 900, high: 1500, n: 4 },
        'pass^2': rate(0.5),
      },
    },
  ],
  causes: [
    { cause: 'nothing outside the task itself', rows: 3 },
    { cause: 'timeout', rows: 1 },
  ],
  rows: [
    {
      task: 't1',
      subtask: 1,
      suite: 's',
      trial: 1,
      rounds: [round(true)],
      cause: null,
      tokens: 10,
      seconds: 1,
      cost: 0.5,
      trajectory: 't1-1',
    },
    {
      task: 't1',
      subtask: 1,
      suite: 's',
      trial: 2,
      rounds: [round(false), round(true)],
      cause: null,
      tokens: 20,
      seconds: 1,
      cost: 0.5,
      trajectory: 't1-2',
    },
    {
      task: 't2',
      subtask: 1,
      suite: 's',
      trial: 1,
      rounds: [round(false), round(false), round(false)],
      cause: 'timeout',
      tokens: 30,
      seconds: 3,
      cost: 1,
      trajectory: 't2-1',
    },
    {
      task: 't2',
      subtask: 2,
      suite: 's',
      trial: 1,
      rounds: [round(true)],
      cause: null,
      tokens: 30,
      seconds: 1,
      cost: 1,
      trajectory: 't2-1.2',
    },
  ],
}

const words = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/su, '')
    .replace(/<[^>]*>/gu, ' ')
    .replace(/\s+/gu, ' ')

describe('the page of an evaluation', () => {
  it('says what was measured, with the counts behind it', () => {
    const text = words(renderEvaluationPage(report))
    expect(text).toContain('curated: 75% succeed within 3 rounds')
    expect(text).toContain('Success rate (SR@3)')
    expect(text).toContain('0.55 to 0.95')
    expect(text).toMatch(/in the first round 50% 2 of 4 .*by round 2 75% 3 of 4 .*by round 3 75% 3 of 4/u)
    expect(text).toMatch(/Tokens 1,235 900 to 1,500 4/u)
    expect(text).toContain('Every one of 2 trials succeeds')
  })

  it('puts the tasks that fail most first, each subtask by itself, and what they failed', () => {
    const text = words(renderEvaluationPage(report))
    expect(text).toMatch(/t2 s 0 of 1 3\.0 30 3\.0 1\.0000 timeout .*t1 s 2 of 2 1\.5 15 .*t2, subtask 2 s 1 of 1/u)
    expect(text).toMatch(/1 requirement failed at least once\. .*t2 b 1 saw b/u)
    expect(text).toMatch(/t1 2 1\/2 ✓/u)
  })

  it('says before the figures what is wrong with them', () => {
    const text = words(renderEvaluationPage({ ...report, done: 3, warnings: ['not read: t9-1'] }))
    expect(text).toContain('3 of 4 trials are made.')
    expect(text.indexOf('not read: t9-1')).toBeLessThan(text.indexOf('Success rate'))
    const empty = words(
      renderEvaluationPage({
        ...report,
        done: 0,
        rows: [],
        measured: [{ name: 'All tasks', metrics: { SR: rate(0, 0) } }],
      }),
    )
    expect(empty).toContain('nothing was measured yet')
    expect(empty).not.toMatch(/NaN|Infinity|undefined/u)
  })
})

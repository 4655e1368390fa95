import { describe, expect, it } from 'vitest'
import { compareEvaluations, wordsOf, type FinishedEvaluation } from './index.js'
import { evaluated, type Changes } from './testing/evaluated.js'

const leftOutOf = (a: FinishedEvaluation, b: FinishedEvaluation) => {
  const result = compareEvaluations(a, b)
  if (!result.ok) throw new Error(result.failure.message)
  return {
    leftOut: result.value.leftOut,
    words: wordsOf(result.value).join('\n'),
    metrics: result.value.metrics ?? {},
  }
}

describe('a comparison', () => {
  it('names what is not compared, and why', () => {
    const one = { evaluation: { rounds: 1 } }
    const single = leftOutOf(evaluated('a', 3, one), evaluated('b', 6, one))
    expect(single.leftOut).toEqual([{ metric: 'RC', why: 'with one round none can be left' }])
    expect(single.words).toContain('not compared: RC (with one round none can be left)')

    const unsolved = leftOutOf(evaluated('a', 0), evaluated('b', 6))
    expect(unsolved.leftOut).toEqual([{ metric: 'RC', why: 'no task was solved on both sides' }])
    expect(leftOutOf(evaluated('a', 3), evaluated('b', 6)).leftOut).toEqual([])

    const judgeless: Changes = { trial: (trial) => ({ ...trial, cause: 'judge', rounds: [] }) }
    const nothing = leftOutOf(evaluated('a', 3), evaluated('b', 6, judgeless))
    const why = 'no task was measured on both sides'
    expect(nothing.leftOut).toEqual(['FTFC', 'RC', 'score'].map((metric) => ({ metric, why })))
    expect(nothing.words).toContain(`not compared: FTFC, RC, score (${why})`)

    const huge: Changes = {
      trial: (trial) => ({ ...trial, rounds: [{ score: 1e308, max: 1, passed: false, requirements: [] }] }),
    }
    const beyond = leftOutOf(evaluated('a', 3), evaluated('b', 0, huge))
    expect(Object.keys(beyond.metrics)).toEqual(['SR'])
    expect(beyond.leftOut).toEqual([
      { metric: 'FTFC', why: 'its sums are beyond what a number holds' },
      { metric: 'RC', why: 'no task was solved on both sides' },
      { metric: 'score', why: 'no task has a figure of it on both sides' },
    ])
  })

  it('names an amount that only one side knows, or whose sums no number holds', () => {
    const priced: Changes = { trial: (trial) => ({ ...trial, cost: 1 }) }
    expect(leftOutOf(evaluated('a', 3), evaluated('b', 6, priced)).leftOut).toEqual([
      { metric: 'cost', why: 'only known of the second' },
    ])
    expect(leftOutOf(evaluated('a', 3, priced), evaluated('b', 6)).leftOut).toEqual([
      { metric: 'cost', why: 'only known of the first' },
    ])
    const halves = (rest: number): Changes => ({
      trial: (trial) => (Number(trial.task.slice(1)) % 2 === rest ? { ...trial, turns: 2 } : trial),
    })
    expect(leftOutOf(evaluated('a', 3, halves(0)), evaluated('b', 6, halves(1))).leftOut).toEqual([
      { metric: 'turns', why: 'no task has a figure of it on both sides' },
    ])
    const endless: Changes = { trial: (trial) => ({ ...trial, seconds: 1e308 }) }
    expect(leftOutOf(evaluated('a', 3, endless), evaluated('b', 6)).leftOut).toEqual([
      { metric: 'seconds', why: 'its sums are beyond what a number holds' },
    ])
  })
})

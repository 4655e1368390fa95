import { describe, expect, it } from 'vitest'
import { evaluationReport as report } from '../testing/evaluation.js'
import { renderEvaluationPage } from './index.js'

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
    expect(text).toMatch(/in the first round 50% \(2 of 4\) .*by round 2 75% \(3 of 4\) .*by round 3 75% \(3 of 4\)/u)
    expect(text).toMatch(/Tokens 1,235 900 to 1,500 4/u)
    expect(text).toContain('Every one of 2 trials succeeds')
  })

  it('puts the tasks that fail most first, each subtask by itself, and what they failed', () => {
    const text = words(renderEvaluationPage(report))
    expect(text).toMatch(/t2 s 0 of 1 3\.0 30 3\.0 1\.0000 timeout .*t1 s 2 of 2 1\.5 15 .*t2, subtask 2 s 1 of 1/u)
    expect(text).toMatch(/1 requirement failed at least once\. .*t2 b 1 saw b/u)
    expect(text).toMatch(/t1 2 1\/2 ✓/u)
  })

  it('counts nothing of what was not measured, and shows what judges took apart', () => {
    const unjudged = report.rows.map((row) => (row.task === 't2' ? { ...row, measured: false } : row))
    const text = words(renderEvaluationPage({ ...report, rows: unjudged }))
    expect(text).toMatch(/t1 s 2 of 2 .*t2 s not measured/u)
    expect(text).toContain('Requirements that were not met at the end There are none.')
    expect(text).toMatch(/in the first round 50% \(1 of 2\)/u)
    expect(text).toContain('What judges took judging: 12 calls, 3,400 tokens, cost 0.0123')
    expect(words(renderEvaluationPage({ ...report, judging: null }))).not.toContain('judges took')
  })

  it('says before the figures what is wrong with them', () => {
    const rate = (value: number, n: number) => ({ value, low: 0, high: 1, n })
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

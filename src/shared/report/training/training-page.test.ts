import { describe, expect, it } from 'vitest'
import { renderTrainingPage } from './training-page.js'
import type { TrainingReport } from './training-report.js'

const report = (more: Partial<TrainingReport> = {}): TrainingReport => ({
  ...{ run: 'curated', state: 'running', engine: 'trl', base: 'hub:o/n', dataset: 'taught', heldOut: null },
  ...{ updated: '2026-01-01T10:00:00.000Z', step: 2, steps: 4, heldOutLoss: [], warnings: [], failure: null },
  loss: [
    { step: 1, value: 2 },
    { step: 2, value: null },
    { step: 3, value: 1 },
    { step: 4, value: 0.5 },
  ],
  learningRate: [
    { step: 1, value: 1e-5 },
    { step: 2, value: 5e-6 },
  ],
  figures: [{ name: 'steps', estimated: '4', came: 'not known' }],
  facts: [{ name: 'recipe: name', value: 'laptop' }],
  ...more,
})

describe('the page of a training run', () => {
  it('draws the curves, broken where a loss is no number, with small rates legible', () => {
    const page = renderTrainingPage(report())
    expect(page).toContain('curated: running, step 2 of 4')
    expect(page.match(/<polyline/g)).toHaveLength(2)
    expect(page).toContain('not a number')
    expect(page).toContain('0.000010')
    expect(page).toContain('nothing here can show overfitting')
  })

  it('lists warnings and why it failed', () => {
    const warnings = [{ time: '2026-01-01T10:00:00.000Z', code: 'overfitting', text: 'held-out loss rises' }]
    const failure = { message: 'out of memory', remedy: 'set microBatch to 1' }
    const page = renderTrainingPage(report({ state: 'failed', warnings, failure, heldOut: 'rest' }))
    for (const said of ['overfitting', 'held-out loss rises', 'out of memory', 'set microBatch to 1', 'Loss on rest'])
      expect(page).toContain(said)
  })

  it('takes all it shows for text, asks for nothing and runs nothing', () => {
    const hostile = `</style><script>alert(1)</script>"'&`
    const texts = { run: hostile, engine: hostile, base: hostile, dataset: hostile, heldOut: hostile, updated: hostile }
    const page = renderTrainingPage(
      report({
        ...texts,
        warnings: [{ time: hostile, code: hostile, text: hostile }],
        failure: { message: hostile, remedy: hostile },
        figures: [{ name: hostile, estimated: hostile, came: hostile }],
        facts: [{ name: hostile, value: hostile }],
      }),
    )
    expect(page).not.toMatch(/<script|<\/style><|src=|href=/)
    expect(page).toContain('Content-Security-Policy')
  })

  it('draws a part of very many steps, and says so', () => {
    const loss = Array.from({ length: 10_000 }, (_, index) => ({ step: index + 1, value: 1 }))
    const page = renderTrainingPage(report({ loss }))
    expect(page).toContain('One step in 5 is drawn')
    expect(page.length).toBeLessThan(1_000_000)
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { visible } from '../text.js'
import { CHROMIUM, HOSTILE, launch, openPage, WHY } from '../testing/chromium.js'
import { evaluationReport } from '../testing/evaluation.js'
import { renderEvaluationPage, type EvaluationReport } from './index.js'

/** Everything that a benchmark, a model or an agent names or says. */
const hostile: EvaluationReport = {
  ...evaluationReport,
  id: HOSTILE,
  benchmark: HOSTILE,
  agent: HOSTILE,
  model: HOSTILE,
  warnings: [HOSTILE],
  measured: [
    ...evaluationReport.measured,
    { name: HOSTILE, metrics: { [HOSTILE]: { value: 1, low: 0, high: 1, n: 1 } } },
  ],
  rows: evaluationReport.rows.map((row) => ({
    ...row,
    task: HOSTILE,
    suite: HOSTILE,
    cause: HOSTILE,
    trajectory: HOSTILE,
    rounds: row.rounds.map((round) => ({
      ...round,
      requirements: [{ id: HOSTILE, passed: false, evidence: HOSTILE.repeat(20) }],
    })),
  })),
}

describe.skipIf(CHROMIUM === undefined)(`the page of an evaluation in Chromium${WHY}`, () => {
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limi-evaluation-page-'))
    browser = await launch()
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  it.each([1280, 390])('is quiet, runs nothing of what it was given, and fits %i pixels', async (width) => {
    for (const report of [evaluationReport, hostile]) {
      const { page, trouble } = await openPage(browser, folder, renderEvaluationPage(report), { width })
      expect(trouble).toEqual([])
      expect(await page.evaluate("document.querySelectorAll('img,script,a,[onload],[onerror]').length")).toBe(0)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      await page.close()
    }
  })

  it('shows what it was given as text', async () => {
    const { page } = await openPage(browser, folder, renderEvaluationPage(hostile), { width: 1280 })
    expect(await page.evaluate("document.querySelector('#requirements ~ .scroll tbody td').textContent")).toBe(
      visible(HOSTILE),
    )
    await page.close()
  })

  it('draws its bars to the length of their values, light and dark', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const { page } = await openPage(browser, folder, renderEvaluationPage(evaluationReport), { width: 1280, scheme })
      const share = await page.evaluate<number>(
        "(() => { const of = (name) => document.querySelector('.bars ' + name).getBoundingClientRect().width; return of('.bar') / of('.track') })()",
      )
      expect(share).toBeCloseTo(0.75, 2)
      const colours = await page.evaluate<string[]>(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.bars .bar')).fill, getComputedStyle(document.querySelector('.bars .label')).fill]",
      )
      expect(new Set(colours).size).toBe(3)
      await page.close()
    }
  })
})

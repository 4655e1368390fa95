import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, HOSTILE, launch, openPage, WHY } from '../testing/chromium.js'
import { visible } from '../text.js'
import { renderDatasetPage, renderSamplePage, type DatasetReport, type SampleReport } from './index.js'

const sample: SampleReport = {
  dataset: HOSTILE,
  model: HOSTILE,
  id: HOSTILE,
  trajectory: HOSTILE,
  tokens: 5,
  trainedTokens: 2,
  messages: [
    { message: null, role: null, tokens: [{ text: '<|begin|>', trains: false }] },
    { message: HOSTILE, role: 'user', tokens: [{ text: HOSTILE, trains: false }] },
    {
      message: 'm2',
      role: 'assistant',
      tokens: [
        { text: '<|im_start|>assistant\n', trains: false },
        { text: HOSTILE, trains: true },
        { text: '<|im_end|>', trains: true },
      ],
    },
    { message: 'm3', role: 'tool', tokens: [], cut: HOSTILE },
  ],
}

const figures = {
  samples: 2,
  tokens: 300,
  trainedTokens: 75,
  trainedShare: 0.25,
  meanTokens: 150,
  medianTokens: 100,
  maxTokens: 200,
}
const dataset: DatasetReport = {
  name: HOSTILE,
  model: HOSTILE,
  template: HOSTILE,
  created: '2026-11-22T00:00:00Z',
  proof: 'failed',
  total: figures,
  categories: [{ name: HOSTILE, ...figures }],
  lengths: [
    { from: 64, to: 128, samples: 1 },
    { from: 128, to: 256, samples: 1 },
  ],
  samples: [
    { id: HOSTILE, category: HOSTILE, tokens: 100, trainedTokens: 25 },
    { id: 'b', category: 'c', tokens: 200, trainedTokens: 50 },
  ],
  excluded: [{ trajectory: HOSTILE, reason: HOSTILE }],
  notes: [{ sample: HOSTILE, code: HOSTILE, message: HOSTILE }],
}

describe.skipIf(CHROMIUM === undefined)(`pages of a dataset in Chromium${WHY}`, () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limi-dataset-page-'))
    browser = await launch()
  })

  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  const open = (html: string, width: number) => openPage(browser, folder, html, { width })

  it.each([1280, 390])('are quiet, run nothing of what a model said, and fit %i pixels', async (width) => {
    for (const html of [renderDatasetPage(dataset), renderSamplePage(sample)]) {
      const { page, trouble } = await open(html, width)
      expect(trouble).toEqual([])
      const strange = "document.querySelectorAll('img,script,a,[onload],[onerror]').length"
      expect(await page.evaluate(strange)).toBe(0)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      await page.close()
    }
  })

  it('mark exactly the tokens that train, strike what a review cut, and keep every text', async () => {
    const { page } = await open(renderSamplePage(sample), 1280)
    const texts = (selector: string) =>
      page.evaluate<string[]>(`[...document.querySelectorAll('.messages ${selector}')].map((one) => one.textContent)`)
    expect(await texts('mark.trains')).toEqual([visible(HOSTILE), '<|im_end|>'])
    expect(await texts('.cut')).toEqual([visible(HOSTILE)])
    expect(await texts('summary .num')).toEqual(['1 token, 0 train', '1 token, 0 train', '3 tokens, 2 train', 'cut'])
    await page.close()
  })

  it('say that a dataset whose proof failed cannot be trained on, with the true figures', async () => {
    const { page } = await open(renderDatasetPage(dataset), 1280)
    const text = await page.evaluate<string>('document.body.textContent')
    expect(text).toContain('cannot be trained on')
    expect(text).toContain('2 samples, 300 tokens, 25% of them train')
    expect(await page.evaluate("document.querySelectorAll('#samples ~ .scroll tbody tr').length")).toBe(2)
    await page.close()
  })
})

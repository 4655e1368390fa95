import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { visible } from '../text.js'
import { renderDatasetPage, renderSamplePage, type DatasetReport, type SampleReport } from './index.js'

const found = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path))
const why = found === undefined ? ' (skipped: no Chromium at CHROMIUM_PATH or /usr/bin/chromium)' : ''
const hostile = `</script></style><img src=x onerror="alert(1)"><svg/onload=alert(2)>' " & \u0000\u202e<a href="javascript:alert(3)">`

const sample: SampleReport = {
  dataset: hostile,
  model: hostile,
  id: hostile,
  trajectory: hostile,
  tokens: 5,
  trainedTokens: 2,
  messages: [
    { message: null, role: null, tokens: [{ text: '<|begin|>', trains: false }] },
    { message: hostile, role: 'user', tokens: [{ text: hostile, trains: false }] },
    {
      message: 'm2',
      role: 'assistant',
      tokens: [
        { text: '<|im_start|>assistant\n', trains: false },
        { text: hostile, trains: true },
        { text: '<|im_end|>', trains: true },
      ],
    },
    { message: 'm3', role: 'tool', tokens: [], cut: hostile },
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
  name: hostile,
  model: hostile,
  template: hostile,
  created: '2026-11-22T00:00:00Z',
  proof: 'failed',
  total: figures,
  categories: [{ name: hostile, ...figures }],
  lengths: [
    { from: 64, to: 128, samples: 1 },
    { from: 128, to: 256, samples: 1 },
  ],
  samples: [
    { id: hostile, category: hostile, tokens: 100, trainedTokens: 25 },
    { id: 'b', category: 'c', tokens: 200, trainedTokens: 50 },
  ],
  excluded: [{ trajectory: hostile, reason: hostile }],
  notes: [{ sample: hostile, code: hostile, message: hostile }],
}

describe.skipIf(found === undefined)(`pages of a dataset in Chromium${why}`, () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limi-dataset-page-'))
    browser = await chromium.launch({
      executablePath: found,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    })
  })

  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  async function open(html: string, width: number): Promise<{ page: Page; trouble: string[] }> {
    const file = join(folder, 'page.html')
    await writeFile(file, html)
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    const trouble: string[] = []
    page.on('console', (message) => trouble.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => trouble.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => void (trouble.push(`dialog: ${dialog.message()}`), dialog.dismiss()))
    page.on('request', (request) => request.url() !== pathToFileURL(file).href && trouble.push(request.url()))
    await page.goto(pathToFileURL(file).href)
    return { page, trouble }
  }

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
    expect(await texts('mark.trains')).toEqual([visible(hostile), '<|im_end|>'])
    expect(await texts('.cut')).toEqual([visible(hostile)])
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

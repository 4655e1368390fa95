import fc from 'fast-check'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixture } from '../testing/fixture.js'
import { hostileReport } from '../testing/hostile.js'
import { visible } from '../text.js'
import { renderRunReport } from './index.js'

const found = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path))
const why = found === undefined ? ' (skipped: no Chromium at CHROMIUM_PATH or /usr/bin/chromium)' : ''

const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

describe.skipIf(found === undefined)(`the page in Chromium${why}`, () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limi-page-'))
    browser = await chromium.launch({ executablePath: found, args: flags.split(' ') })
  })

  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  /** Opens the page from a file and gathers whatever it complains of, asks for or pops up. */
  async function open(html: string, width: number, colorScheme: 'light' | 'dark') {
    const file = join(folder, 'report.html')
    await writeFile(file, html)
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const address = pathToFileURL(file).href
    const trouble: string[] = []
    page.on('console', (message) => trouble.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => trouble.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => void (trouble.push(`dialog: ${dialog.message()}`), dialog.dismiss()))
    page.on('request', (request) => request.url() !== address && trouble.push(`request: ${request.url()}`))
    await page.goto(address)
    return { page, trouble }
  }

  const number = async (page: Page, expression: string) => Number(await page.evaluate(expression))

  const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor')

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('opens %i wide, %s: quiet, self-contained, nothing beyond the edge', async (width, scheme) => {
    const { page, trouble } = await open(renderRunReport(fixture), width, scheme)
    expect(trouble).toEqual([])
    expect(await background(page)).toBe(scheme === 'light' ? 'rgb(255, 254, 251)' : 'rgb(21, 23, 26)')
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    expect(await number(page, 'document.documentElement.scrollWidth')).toBe(width)
    await page.close()
  })

  it('has one h1, no heading level skipped, and a name on every chart', async () => {
    const { page } = await open(renderRunReport(fixture), 1280, 'light')
    const levels = await page.evaluate<number[]>(
      "[...document.querySelectorAll('h1,h2,h3,h4')].map((one) => Number(one.tagName[1]))",
    )
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1))
    expect(await number(page, "document.querySelectorAll('svg[role=img]:not([aria-label])').length")).toBe(0)
    expect(await number(page, "document.querySelectorAll('svg[role=img]').length")).toBe(9)
    await page.close()
  })

  it('draws a bar as wide as its value', async () => {
    const { page } = await open(renderRunReport(fixture), 1280, 'light')
    const ratio = await number(
      page,
      "document.querySelector('.panels rect.bar.accent').getBoundingClientRect().width / document.querySelector('.panels rect.track').getBoundingClientRect().width",
    )
    expect(ratio).toBeCloseTo(0.63, 3)
    await page.close()
  })

  it.each(['light', 'dark'] as const)('draws each metric of each arm to its value, %s', async (scheme) => {
    const { page } = await open(renderRunReport(fixture), 1280, scheme)
    const widths = await page.evaluate<number[]>(
      "[...document.querySelectorAll('section[aria-labelledby=metrics] .panels svg')].map((one) => one.querySelector('rect.bar.accent').getBoundingClientRect().width / one.querySelector('rect.track').getBoundingClientRect().width)",
    )
    const { FTFC, SR, RC } = fixture.allTasks.evaluation['curated']!
    expect(widths).toHaveLength(3)
    widths.forEach((width, at) => expect(width).toBeCloseTo([FTFC, SR, RC][at]!.value, 3))
    await page.close()
  })

  it('shows what a hostile model said as text and runs none of it', async () => {
    const hostile = `</script></style></textarea></title><img src=x onerror="alert(1)"><svg/onload=alert(2)>' " & \u0000\u202e<a href="javascript:alert(3)">`
    const { page, trouble } = await open(renderRunReport(hostileReport(hostile)), 390, 'light')
    expect(trouble).toEqual([])
    expect(await number(page, "document.querySelectorAll('img,script,a,textarea,[onload],[onerror]').length")).toBe(0)
    expect(await page.evaluate("document.querySelector('.request').textContent")).toBe(visible(hostile))
    expect(await number(page, 'document.documentElement.scrollWidth')).toBe(390)
    await page.close()
  })

  it('holds only elements and attributes of its template, whatever the texts are', async () => {
    const page = await browser.newPage()
    const inventory = (html: string) =>
      page.evaluate<string[]>(
        `(() => { const parsed = new DOMParser().parseFromString(${JSON.stringify(html)}, 'text/html'); return [...parsed.querySelectorAll('*')].flatMap((one) => [one.localName, ...[...one.attributes].map((each) => one.localName + ' ' + each.name)]) })()`,
      )
    const harmless = [fixture, hostileReport('harmless'), hostileReport('```\na <|b|>\n'.repeat(20))]
    const known = new Set((await Promise.all(harmless.map(renderRunReport).map(inventory))).flat())
    const piece = fc.oneof(
      fc.constantFrom(
        '</script>',
        '<img src=x onerror=alert(1)>',
        '-->',
        '<!--',
        ']]>',
        '"',
        "'",
        '`',
        '```\n',
        '&lt;',
        '\n',
      ),
      fc.constantFrom(
        '</svg>',
        '</style>',
        '<|im_start|>',
        '\u0000',
        '<?x',
        '</',
        '<template>',
        '=',
        ' onclick=',
        '${1}',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    )
    const text = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''))
    await fc.assert(
      fc.asyncProperty(text, async (hostile) => {
        const strange = (await inventory(renderRunReport(hostileReport(hostile)))).filter((one) => !known.has(one))
        expect(strange).toEqual([])
      }),
      { numRuns: 40 },
    )
    await page.close()
  })
})

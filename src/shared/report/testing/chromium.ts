import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'

/** Where Chromium is; tests of pages skip without it, and say so in their title. */
export const CHROMIUM = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path))
export const WHY = CHROMIUM === undefined ? ' (skipped: no Chromium at CHROMIUM_PATH or /usr/bin/chromium)' : ''

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] })

/** What breaks the walls of text that a model or a file gave. */
export const HOSTILE = `</script></style><img src=x onerror="alert(1)"><svg/onload=alert(2)>' " & \u0000\u202e<a href="javascript:alert(3)">`

export interface OpenPage {
  readonly page: Page
  /** Everything that a page of ours never does: messages, errors, dialogs, requests. */
  readonly trouble: readonly string[]
}

/** Opens a page from a file of its own in `folder`. */
export async function openPage(
  browser: Browser,
  folder: string,
  html: string,
  { width, scheme = 'light' }: { readonly width: number; readonly scheme?: 'light' | 'dark' },
): Promise<OpenPage> {
  const file = join(folder, 'page.html')
  await writeFile(file, html)
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme })
  const trouble: string[] = []
  page.on('console', (message) => trouble.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => void (trouble.push(`dialog: ${dialog.message()}`), dialog.dismiss()))
  page.on('request', (request) => request.url() !== pathToFileURL(file).href && trouble.push(request.url()))
  await page.goto(pathToFileURL(file).href)
  return { page, trouble }
}

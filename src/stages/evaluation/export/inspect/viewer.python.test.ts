import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa, type ResultPromise } from 'execa'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, unwrap } from '../../../../nouns/index.js'
import { CHROMIUM, launch, WHY } from '../../../../shared/report/testing/chromium.js'
import { exportSource, writeInspectLog } from '../index.js'
import { conversationIn, evaluateSeveral } from './testing/several.js'

const python = process.env['LIMI_TEST_INSPECT'] ?? ''
const reason = python === '' ? ' (skipped: LIMI_TEST_INSPECT names no Python with inspect_ai 0.3.285)' : WHY

const root = await mkdtemp(path.join(tmpdir(), 'limi viewer ü-'))
let server: ResultPromise | undefined
let browser: Browser | undefined
let address = ''

/** A free port, as the system gives it, with the viewer on it. */
async function startViewer(logs: string): Promise<string> {
  const free = `import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])`
  const { stdout: port } = await execa(python, ['-c', free])
  const view = `from inspect_ai._view.view import view; view(log_dir=${JSON.stringify(logs)}, host="127.0.0.1", port=${port})`
  server = execa(python, ['-c', view], { reject: false, env: { HOME: root } })
  const url = `http://127.0.0.1:${port}/`
  for (let tries = 0; tries < 100; tries += 1) {
    const answered = await fetch(url).catch(() => null)
    if (answered?.ok === true) return url
    await sleep(200)
  }
  throw new Error('the viewer did not start')
}

async function writeLog(logs: string): Promise<void> {
  const folder = path.join(root, 'several')
  await evaluateSeveral(folder)
  const source = unwrap(await exportSource(root, 'several'))
  const where = path.join(logs, 'several.eval')
  const pieces: Buffer[] = []
  const write = (bytes: string | Uint8Array) => Promise.resolve(done(void pieces.push(Buffer.from(bytes))))
  unwrap(await writeInspectLog({ source, as: 'eval', write, where, conversationOf: conversationIn(folder) }))
  await mkdir(logs, { recursive: true })
  await writeFile(where, Buffer.concat(pieces))
}

/** The text of a place of the viewer once it shows `until`. */
async function shown(place: string, until: string): Promise<string> {
  const page = await browser!.newPage({ viewport: { width: 1400, height: 1400 } })
  try {
    await page.goto(`${address}#/logs/several.eval${place}`)
    await page.getByText(until).first().waitFor({ timeout: 20_000 })
    return await page.locator('body').innerText()
  } finally {
    await page.close()
  }
}

describe.skipIf(python === '' || CHROMIUM === undefined)(`Inspect's viewer${reason}`, () => {
  beforeAll(async () => {
    const logs = path.join(root, 'logs')
    await writeLog(logs)
    address = await startViewer(logs)
    browser = await launch()
  }, 90_000)

  afterAll(async () => {
    await browser?.close()
    server?.kill()
    await server
  })

  it('lists the samples with their scores, errors and limits', async () => {
    const text = await shown('', 'chain/2')
    expect(text).toMatch(/SCORERS\s+SR, FTFC, score, RC/u)
    expect(text).toContain('9 x 2 samples')
    expect(text).toContain('2 of 18 samples (11%) had errors')
    expect(text).toContain('2 of 18 samples (11%) completed due to exceeding a limit')
  }, 60_000)

  it('shows all rounds of a subtask, and why it has its scores', async () => {
    const messages = await shown('/samples/sample/chain%2F2/2/messages', 'That is not right yet')
    expect(messages.match(/^ASSISTANT$/gmu)).toHaveLength(3)
    const scoring = await shown('/samples/sample/t2/1/scoring', 'round 2: passed, 4 of 4')
    expect(scoring).toMatch(/✓ right \(weight 3\)/u)
    expect(scoring).toMatch(/RC\s+0\.5\s+passed in round 2 of 3/u)
  }, 60_000)

  it('tells why a trial was not measured', async () => {
    expect(await shown('/samples/sample/nobody/1/error', 'not measured: judge')).toContain('gave no verdict')
  }, 60_000)
})

afterAll(() => rm(root, { recursive: true, force: true }))

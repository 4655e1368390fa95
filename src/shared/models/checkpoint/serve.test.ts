import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { openModel } from '../resolve.js'
import { modelApp } from '../../wire/serve/app.js'
import { serveCheckpoint } from './serve.js'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi serve ü-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** A stand-in for the interpreter, in JavaScript. */
async function serve(name: string, script: string, more: { readyTimeoutMs?: number; signal?: AbortSignal } = {}) {
  const python = path.join(root, name)
  await writeFile(python, `#!${process.execPath}\n${script}\n`)
  await chmod(python, 0o755)
  const logFile = path.join(root, `${name}.log`)
  return serveCheckpoint({ folder: '/models/x', environment: { python }, cacheRoot: root, logFile, ...more })
}

const SERVER = `
const http = require('node:http')
const port = process.argv[process.argv.indexOf('--port') + 1]
console.log(JSON.stringify({ argv: process.argv.slice(3), offline: process.env.HF_HUB_OFFLINE }))
setTimeout(() => http.createServer((q, r) => r.end('{"status":"ok"}')).listen(port, '127.0.0.1'), 300)
`

describe('serveCheckpoint', () => {
  test('waits until it answers, keeps it offline and on the loopback, and ends it', async () => {
    const served = unwrap(await serve('good', SERVER))
    expect(served.modelName).toBe('/models/x')
    const health = served.baseUrl.replace('/v1', '/health')
    expect((await fetch(health)).ok).toBe(true)
    await served.close()
    await expect(fetch(health)).rejects.toThrow()
    const said = JSON.parse(await readFile(path.join(root, 'good.log'), 'utf8')) as { argv: string[]; offline: string }
    expect(said.argv).toEqual(expect.arrayContaining(['serve', '/models/x', '--continuous-batching', '127.0.0.1']))
    expect(said.offline).toBe('1')
  })

  test('one that dies brings its last words', async () => {
    const served = await serve('dies', `console.error('OSError: no such model'); process.exit(3)`)
    expect(served).toMatchObject({ ok: false, failure: { code: 'server.died' } })
    expect(JSON.stringify(served)).toMatch(/status 3.*no such model/)
  })

  test('one that hangs is ended', async () => {
    const served = await serve('hangs', `console.log('loading'); setInterval(() => {}, 1000)`, { readyTimeoutMs: 600 })
    expect(served).toMatchObject({ ok: false, failure: { code: 'server.slow' } })
  })

  test('stopping while it loads is an interruption', async () => {
    const signal = AbortSignal.timeout(200)
    const served = await serve('stopped', 'setInterval(() => {}, 1000)', { signal })
    expect(served).toMatchObject({ ok: false, failure: { kind: 'interrupted' } })
  })

  test('one that dies at work is a failure of the server, with its last words', async () => {
    const dying = SERVER.replace(
      'r.end(',
      "q.url.includes('completions') ? (console.error('out of memory'), process.exit(7)) : r.end(",
    )
    const openFolder = () => serve('dying', dying)
    const opened = unwrap(await openModel('dir:x', { config: {}, projectRoot: root, openFolder }))
    const body = JSON.stringify({ model: 'dir:x', messages: [{ role: 'user', content: 'hi' }] })
    for (const attempt of [1, 2]) {
      const response = await modelApp(opened.model).request('/v1/chat/completions', { method: 'POST', body })
      expect([attempt, response.status]).toEqual([attempt, 502])
      expect(await response.json()).toMatchObject({
        error: { code: 'server.died', message: expect.stringMatching(/status 7[^]*out of memory/) as string },
      })
    }
    await opened.close()
  })

  test('a program that is not installed is said, before anything starts', async () => {
    const options = {
      folder: root,
      environment: { python: 'none' },
      cacheRoot: root,
      logFile: path.join(root, 'v.log'),
    }
    const served = await serveCheckpoint({ ...options, backend: 'vllm' })
    expect(served).toMatchObject({ ok: false, failure: { kind: 'missing', code: 'server.not-installed' } })
  })
})

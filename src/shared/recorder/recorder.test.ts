import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TrajectoryHeader } from '../../nouns/index.js'
import { readTrajectory } from '../../stages/trajectories/store/index.js'
import {
  readCalls,
  startRecorder,
  type RawCall,
  type Recorder,
  type RecorderRoute,
  type RecordingEnd,
} from './index.js'
import { ask } from './testing/between.js'
import { bytesOf, upstream } from './testing/upstream.js'

let folder = ''
const opened: { close(): unknown }[] = []
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'limi-recorder-'))))
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  rmSync(folder, { recursive: true, force: true })
})

const HEADER: TrajectoryHeader = {
  type: 'header',
  format: 'limi.trajectory/1',
  id: 'one',
  source: { kind: 'recorded', agent: 'other', model: 'unknown' },
  tags: {},
}
const END: RecordingEnd = { rounds: [], roundStarts: [], outcome: { status: 'unknown', by: 'person' }, whole: true }
const SECRET = 'sk-ant-0123456789abcdef'
const run = (): string => path.join(folder, 'run')
const file = (): string => path.join(folder, 'one.jsonl')

async function start(routes: readonly RecorderRoute[], warnings: string[] = []): Promise<Recorder> {
  const started = await startRecorder({
    ...{ folder: run(), file: file(), header: HEADER, agent: 'other', routes },
    ...{ command: ['agent', '--api-key', SECRET], warn: (line: string) => warnings.push(line) },
  })
  if (!started.ok) throw new Error(started.failure.message)
  return started.value
}

async function calls(): Promise<RawCall[]> {
  const read: RawCall[] = []
  for await (const call of readCalls(run(), (line) => expect(line).toBe(''))) read.push(call)
  return read
}

const message = (text: string) => ({
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-x', stop_reason: 'end_turn' },
  ...{ stop_sequence: null, content: [{ type: 'text', text }], usage: { input_tokens: 3, output_tokens: 2 } },
})
const request = (text: string) =>
  JSON.stringify({ model: 'claude-x', max_tokens: 9, messages: [{ role: 'user', content: text }] })

describe('startRecorder', () => {
  it('keeps what went by, without the keys, and makes a trajectory of it', async () => {
    const behind = await upstream(async (asked, response) => {
      await bytesOf(asked)
      response.setHeader('set-cookie', 'session=0123456789abcdefghij')
      response.end(JSON.stringify(message(`your key is ${SECRET}`)))
    })
    opened.push(behind)
    const recorder = await start([{ name: 'anthropic', upstream: { kind: 'pass', baseUrl: behind.baseUrl } }])
    const answer = await ask(`${recorder.urlOf('anthropic')}/v1/messages?beta=true&api_key=${SECRET}x`, {
      headers: { 'x-api-key': SECRET, authorization: 'Bearer oauth-0123456789' },
      body: request(`what is ${SECRET} and oauth-0123456789?`),
    })
    expect(String(await bytesOf(answer))).toContain(SECRET)
    const soFar = await recorder.soFar()
    expect(soFar).toMatchObject({ ok: true, value: { calls: 1 } })
    expect(await recorder.close(END)).toMatchObject({ ok: true, value: { calls: 1 } })
    const [call] = await calls()
    expect(call).toMatchObject({ url: '/v1/messages?beta=true&api_key=[redacted]', status: 200, how: 'complete' })
    expect(String(await call!.requestBody())).toBe(request('what is [redacted] and [redacted]?'))
    expect(statSync(run()).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!statSync(path.join(folder, name)).isFile()) continue
      expect(readFileSync(path.join(folder, name), 'utf8')).not.toMatch(/0123456789/)
    }
    expect(readdirSync(run()).sort()).toEqual(['manifest.json', 'meta.json', 'wire.jsonl'])
    expect(readFileSync(file(), 'utf8').split('\n')[0]).toContain('"header"')
  })

  it('mixes nothing up and loses nothing where 32 sessions go on at once', async () => {
    const behind = await upstream(async (asked, response) => {
      const said = `re: ${String(await bytesOf(asked))}`
      for (const part of said.match(/.{1,97}/gs) ?? []) {
        response.write(part)
        await new Promise((resolve) => setImmediate(resolve))
      }
      response.end()
    })
    opened.push(behind)
    const recorder = await start([{ name: 'r', upstream: { kind: 'pass', baseUrl: behind.baseUrl } }])
    const asked = Array.from({ length: 32 }, (_, session) =>
      Array.from({ length: 5 }, (_, turn) =>
        request(`session ${session}, turn ${turn}: ${'word '.repeat(session * 9)}`),
      ),
    )
    await Promise.all(
      asked.map(async (bodies) => {
        for (const body of bodies) {
          const answer = await ask(`${recorder.urlOf('r')}/v1/messages`, { body })
          expect(String(await bytesOf(answer))).toBe(`re: ${body}`)
        }
      }),
    )
    expect(await recorder.close(END)).toMatchObject({ ok: true, value: { calls: 160 } })
    const read = new Map<string, string>()
    for (const call of await calls()) {
      const said: Buffer[] = []
      for await (const { bytes } of call.response()) said.push(bytes)
      read.set(String(await call.requestBody()), Buffer.concat(said).toString())
    }
    expect(read.size).toBe(160)
    for (const [body, said] of read) expect(said).toBe(`re: ${body}`)
    expect(asked.flat().every((body) => read.has(body))).toBe(true)
  })

  it('holds the agent up where the disk is behind, and drops nothing', async () => {
    const body = Buffer.alloc(40 << 20, 'x')
    const behind = await upstream((asked, response) => void asked.pipe(response))
    opened.push(behind)
    const recorder = await start([{ name: 'r', upstream: { kind: 'pass', baseUrl: behind.baseUrl } }])
    const answers = await Promise.all(
      [1, 2].map(async () => bytesOf(await ask(`${recorder.urlOf('r')}/v1/messages`, { body }))),
    )
    for (const answer of answers) expect(answer.equals(body)).toBe(true)
    expect(await recorder.close(END)).toMatchObject({ ok: true })
    const read = await calls()
    expect(read.length).toBe(2)
    for (const call of read) expect((await call.requestBody()).equals(body)).toBe(true)
  })

  it('cannot start where its folder cannot be', async () => {
    writeFileSync(path.join(folder, 'run'), '')
    const plan = {
      folder: run(),
      file: file(),
      header: HEADER,
      agent: 'other',
      routes: [],
      command: [],
      warn: () => undefined,
    }
    expect(await startRecorder(plan)).toMatchObject({ ok: false, failure: { kind: 'input' } })
  })

  it('leaves a log and a trajectory that load where its process is killed in the middle of an answer', async () => {
    const behind = await upstream(async (asked, response) => {
      const body = String(await bytesOf(asked))
      if (body.includes('first')) response.end(JSON.stringify(message('Done.')))
      else response.write('event: message_start\ndata: {"type":"message_start"}\n\n')
    })
    opened.push(behind)
    const child = spawn(process.execPath, [JITI, CHILD, run(), file(), behind.baseUrl], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    opened.push({ close: () => child.kill('SIGKILL') })
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (line) => resolve(String(line).trim())),
    )
    await bytesOf(await ask(`${url}/v1/messages`, { body: request('first') }))
    const half = await ask(`${url}/v1/messages`, { body: request('second') })
    half.on('error', () => undefined)
    await until(() => logText().includes('message_start') && readFileSync(file(), 'utf8').includes('Done.'))
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    const [first, second] = await calls()
    expect(first).toMatchObject({ how: 'complete', status: 200 })
    expect(second!.how).toBeUndefined()
    expect(String(await second!.requestBody())).toBe(request('second'))
    expect(await readTrajectory(file())).toMatchObject({
      ok: true,
      value: { complete: false, threads: [{ messages: [{ content: 'first' }, { content: 'Done.' }] }] },
    })
  })
})

const JITI = path.join(path.dirname(createRequire(import.meta.url).resolve('jiti/package.json')), 'lib', 'jiti-cli.mjs')
const CHILD = fileURLToPath(new URL('testing/run-recorder.ts', import.meta.url))

const logText = (): string => readFileSync(path.join(run(), 'wire.jsonl'), 'utf8')

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

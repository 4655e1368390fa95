import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TrajectoryHeader } from '../../nouns/index.js'
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
})

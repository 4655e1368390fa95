import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TrajectoryHeader } from '../../../nouns/index.js'
import { readCalls, type RawCall } from '../log/index.js'
import type { RecordingEnd } from '../recorder.js'
import type { Note, ScribePlan } from './note.js'
import { Recording } from './recording.js'
import { RecordedSession } from './session.js'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'limi-scribe-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const HEADER: TrajectoryHeader = {
  type: 'header',
  format: 'limi.trajectory/1',
  id: 'one',
  source: { kind: 'recorded', agent: 'other', model: 'unknown' },
  tags: {},
}
const END: RecordingEnd = { rounds: [], roundStarts: [], outcome: { status: 'success', by: 'person' }, whole: true }

async function open(warnings: string[] = []): Promise<Recording> {
  const plan: ScribePlan = {
    ...{ folder: path.join(folder, 'run'), file: path.join(folder, 'one.jsonl'), header: HEADER, agent: 'other' },
    ...{ command: ['x', '--say=env-0123456789', 'key-0123456789'], routes: {}, secrets: ['env-0123456789'] },
  }
  const opened = await Recording.open(plan, (line) => warnings.push(line))
  if (!opened.ok) throw new Error(opened.failure.message)
  return opened.value
}

async function calls(): Promise<RawCall[]> {
  const read: RawCall[] = []
  for await (const call of readCalls(path.join(folder, 'run'), (line) => expect(line).toBe(''))) read.push(call)
  return read
}

async function saidIn(call: RawCall): Promise<Buffer> {
  const said: Buffer[] = []
  for await (const { bytes } of call.response()) said.push(bytes)
  return Buffer.concat(said)
}

const written = (): Buffer =>
  Buffer.concat(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(folder, name))
      .filter((name) => statSync(name).isFile())
      .map((name) => readFileSync(name)),
  )

interface Exchanged {
  readonly path?: string
  readonly url?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly asked: Buffer
  readonly said?: readonly Buffer[]
  readonly saidHeaders?: readonly (readonly [string, string])[]
}

/** What the gateway's side tells of an exchange. */
function notesOf(call: string, { path: at = '/v1/messages', url = at, headers = [], ...given }: Exchanged): Note[] {
  const { asked, said, saidHeaders = [] } = given
  const time = Date.parse('2026-01-02T03:04:05.000Z')
  return [
    { type: 'request', call, time, route: 'r', method: 'POST', path: at, url, headers: headers.flat() },
    { type: 'request-bytes', call, bytes: asked },
    { type: 'request-end', call, ms: 1, isWhole: true },
    { type: 'response', call, ms: 2, status: 200, headers: saidHeaders.flat() },
    ...(said ?? []).map((bytes, at): Note => ({ type: 'response-bytes', call, ms: 3 + at, bytes })),
    ...(said === undefined ? [] : [{ type: 'end', call, ms: 99, how: 'complete' } as const]),
  ]
}

const body = (content: string): Buffer =>
  Buffer.from(JSON.stringify({ model: 'claude-x', max_tokens: 1, messages: [{ role: 'user', content }] }))
const event = (data: { type: string }): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
const stream = (words: readonly string[]): string =>
  [
    event({
      type: 'message_start',
      message: { id: 'i', role: 'assistant', model: 'claude-x', content: [], usage: {} },
    } as never),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as never),
    ...words.map((text) =>
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } as never),
    ),
    event({ type: 'content_block_stop', index: 0 } as never),
    event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } } as never),
    event({ type: 'message_stop' }),
  ].join('')

const key = fc
  .stringMatching(/^[A-Za-z0-9_+/=-]{8,40}$/)
  .filter((text) => /[g-z]/.test(text) && !'[redacted]'.includes(text))
const cookie = fc.stringMatching(/^[A-Za-z0-9]{16,40}$/)

describe('a recording', () => {
  it('writes no secret into any file, wherever it occurs and however it comes in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...[key, key, cookie, fc.integer({ min: 1, max: 30 })],
        fc.constantFrom('/v1/messages', '/v1/other'),
        async (header, parameter, session, size, at) => {
          rmSync(folder, { recursive: true, force: true })
          const recording = await open()
          const text = `me: ${header}, ${parameter} ${encodeURIComponent(parameter)} ${session}${header}`
          const answer = Buffer.from(stream([text, header.slice(0, 5), header.slice(5), parameter, session]))
          const said = Array.from({ length: Math.ceil(answer.length / size) }, (_, part) =>
            Buffer.from(answer.subarray(part * size, (part + 1) * size)),
          )
          const url = `${at}?a=${header}&key=${encodeURIComponent(parameter)}`
          const headers = [
            ['X-Api-Key', header],
            ['Cookie', `a=1; b=${session}`],
            ['X-Other', 'fine'],
          ] as const
          recording.take(notesOf('c1', { path: at, url, headers, asked: body(text), said }))
          recording.take(
            notesOf('c2', { headers: [['Authorization', `Bearer ${header}`]], asked: body(text), said: [] }),
          )
          expect((await recording.close(END)).ok).toBe(true)
          const all = written()
          for (const secret of [header, parameter, encodeURIComponent(parameter), session]) {
            expect(all.includes(secret)).toBe(false)
          }
          expect(all.includes('"fine"')).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('reads what came compressed where it can, and says where it cannot', async () => {
    const warnings: string[] = []
    const recording = await open(warnings)
    const answer = Buffer.from(stream(['Hello.']))
    const cases: readonly [string, Buffer, Buffer][] = [
      ['gzip', gzipSync(body('one')), gzipSync(answer)],
      ['br', brotliCompressSync(body('two')), brotliCompressSync(answer)],
      ['rot13', Buffer.from('no such thing'), answer],
      ['gzip', Buffer.from('not gzip'), answer],
    ]
    for (const [at, [encoding, asked, said]] of cases.entries()) {
      const headers = [['Content-Encoding', encoding]] as const
      recording.take(notesOf(`c${at + 1}`, { headers, asked, said: [said], saidHeaders: at < 2 ? headers : [] }))
    }
    expect(await recording.close(END)).toMatchObject({ ok: true, value: { calls: 2, answer: 'Hello.' } })
    const read = await calls()
    expect(await Promise.all(read.map((call) => call.requestBody()))).toEqual([
      ...[body('one'), body('two'), Buffer.from('no such thing'), Buffer.from('not gzip')],
    ])
    expect(await saidIn(read[0]!)).toEqual(answer)
    expect(read.map(({ encoding }) => encoding)).toEqual([undefined, undefined, 'rot13', 'gzip'])
    expect(warnings.filter((line) => line.includes('compressed with rot13'))).toHaveLength(1)
    expect(warnings.filter((line) => line.includes('is in the log, not in the trajectory'))).toHaveLength(2)
  })

  it('makes a trajectory of calls as they end, whole at its end', async () => {
    const recording = await open()
    const said = [Buffer.from(stream(['Hi ', 'there.']))]
    recording.take(notesOf('c1', { asked: body('Hello?'), said }))
    expect(await recording.soFar()).toMatchObject({
      ok: true,
      value: { calls: 1, threads: 1, messages: 2, asides: 0, whole: true, model: 'claude-x', answer: 'Hi there.' },
    })
    const round = { round: 1, score: 1, max: 1, passed: true }
    const end = { ...END, rounds: [round], roundStarts: ['2026-01-01T00:00:00.000Z'], note: 'well done' }
    expect(await recording.close(end)).toMatchObject({ ok: true })
    const lines = readFileSync(path.join(folder, 'one.jsonl'), 'utf8').trim().split('\n')
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(events.map(({ type }) => type)).toEqual([
      'header',
      'thread',
      'message',
      'message',
      'round',
      'amend',
      'outcome',
      'end',
    ])
    expect(events[0]).toMatchObject({ source: { model: 'claude-x' } })
    expect(events[3]).toMatchObject({ message: { role: 'assistant', content: 'Hi there.', round: 1 } })
    expect(events[5]).toMatchObject({ amendment: { extra: { note: 'well done' } } })
  })

  it('is not whole where the last answer was cut, and the trajectory has no end', async () => {
    const recording = await open()
    const answer = Buffer.from(stream(['Hi ', 'there.']))
    const notes = notesOf('c1', { asked: body('Hello?'), said: [answer.subarray(0, answer.length - 80)] })
    recording.take([
      ...notes.slice(0, -1),
      { type: 'end', call: 'c1', ms: 9, how: 'upstream-gone', problem: 'it broke' },
    ])
    expect(await recording.close(END)).toMatchObject({ ok: true, value: { whole: false } })
    expect(readFileSync(path.join(folder, 'one.jsonl'), 'utf8')).not.toContain('"type":"end"')
    expect((await calls())[0]).toMatchObject({ how: 'upstream-gone', problem: 'it broke' })
  })

  it('is not whole where what was asked last was never answered', async () => {
    const recording = await open()
    const [asked, ...rest] = notesOf('c1', { asked: body('Hello?'), said: [Buffer.from('{"error":{"message":"no"}}')] })
    const refused = rest.map((note) => (note.type === 'response' ? { ...note, status: 404 } : note))
    recording.take(asked === undefined ? [] : [asked, ...refused])
    expect(await recording.close(END)).toMatchObject({ ok: true, value: { calls: 1, whole: false } })
    expect(readFileSync(path.join(folder, 'one.jsonl'), 'utf8')).not.toContain('"type":"end"')
  })

  it('writes an answer before it ends', async () => {
    const recording = await open()
    recording.take(notesOf('c1', { asked: body('Hello?') }))
    recording.take([{ type: 'response-bytes', call: 'c1', ms: 5, bytes: Buffer.from('data: half') }])
    const [call] = await calls()
    expect(call!.how).toBeUndefined()
    expect(String(await saidIn(call!))).toBe('data: half')
    await recording.close(END)
  })

  it('keeps the log where a call cannot be put together with the others, and says so', async () => {
    const warnings: string[] = []
    const recording = await open(warnings)
    const said = [Buffer.from(stream(['Hi.']))]
    recording.take(notesOf('c1', { asked: body('one'), said }))
    const adding = vi.spyOn(RecordedSession.prototype, 'add').mockImplementationOnce(() => {
      throw new Error('some fault')
    })
    recording.take(notesOf('c2', { asked: body('two'), said }))
    recording.take(notesOf('c3', { asked: body('three'), said }))
    adding.mockRestore()
    expect(await recording.close(END)).toMatchObject({ ok: false, failure: { code: 'recorder.trajectory' } })
    expect(warnings).toEqual([expect.stringContaining('some fault; the log goes on')])
    expect((await calls()).map(({ how }) => how)).toEqual(['complete', 'complete', 'complete'])
  })

  it('has no key in what it says of the command', async () => {
    const recording = await open()
    const told = (): string => readFileSync(path.join(folder, 'run', 'meta.json'), 'utf8')
    expect(told()).toContain('--say=[redacted]')
    recording.take(notesOf('c1', { headers: [['x-api-key', 'key-0123456789']], asked: body('x'), said: [] }))
    await recording.close(END)
    expect(told()).not.toContain('0123456789')
  })

  it('keeps an end that might have become a secret', async () => {
    const recording = await open()
    const headers = [['x-api-key', 'sk-ant-0123456789']] as const
    recording.take(
      notesOf('c1', { headers, asked: body('x'), said: [Buffer.from('data: sk-ant-01'), Buffer.from('23')] }),
    )
    await recording.close(END)
    expect(String(await saidIn((await calls())[0]!))).toBe('data: sk-ant-0123')
  })

  it('says where a request is no call to a model, and what a login says is not kept', async () => {
    const warnings: string[] = []
    const recording = await open(warnings)
    const token = Buffer.from('{"access_token":"eyJ-0123456789","expires_in":1}')
    recording.take(
      notesOf('c1', { path: '/oauth/token', asked: Buffer.from('refresh_token=r-0123456789'), said: [token] }),
    )
    recording.take(notesOf('c2', { asked: Buffer.from('{"no": "messages"'), said: [token] }))
    expect(await recording.close(END)).toMatchObject({ ok: true, value: { calls: 0 } })
    expect(warnings).toEqual([expect.stringContaining('call c2 is in the log, not in the trajectory')])
    for (const token of ['eyJ-0123456789', 'r-0123456789']) expect(written().includes(token)).toBe(false)
  })
})

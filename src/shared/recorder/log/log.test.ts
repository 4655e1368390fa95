import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOG_FILE, readCalls, WireLog, type RawCall } from './index.js'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'limi-log-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(bodies: readonly Buffer[]): void {
  const log = new WireLog(folder)
  for (const [at, body] of bodies.entries()) {
    const call = `c${at + 1}`
    log.add({ type: 'request', call, time: 't', route: 'r', method: 'POST', url: '/', headers: [['a', 'b']] })
    log.add({ type: 'request-body', call, ms: 0, body: log.piecesOf(body) })
    log.add({ type: 'response', call, ms: 1, status: 200, headers: [] })
    log.add({
      type: 'chunks',
      call,
      chunks: [
        [1, 'ä'],
        [2, { base64: '/w==' }],
      ],
    })
    log.add({ type: 'end', call, ms: 3, how: 'complete' })
  }
  log.close()
}

async function read(): Promise<RawCall[]> {
  const calls: RawCall[] = []
  for await (const call of readCalls(folder, (line) => expect(line).toBe(''))) calls.push(call)
  return calls
}

const json = fc.jsonValue({ maxDepth: 5 }).map((value) => Buffer.from(JSON.stringify(value, null, 1)))
const request = fc
  .record({
    system: fc.string({ unit: 'binary', maxLength: 600, size: 'max' }),
    messages: fc.array(fc.record({ role: fc.string(), content: fc.string({ maxLength: 300, size: 'max' }) })),
    request: fc.record({ contents: fc.array(fc.array(fc.string())) }),
  })
  .map((value) => Buffer.from(JSON.stringify(value)))
const cut = fc.tuple(fc.oneof(json, request), fc.nat(400)).map(([bytes, end]) => bytes.subarray(0, bytes.length - end))
const bytes = fc.uint8Array({ maxLength: 3000, size: 'max' }).map((array) => Buffer.from(array))

describe('the wire log', () => {
  it('gives back every body to the byte, JSON or not, whole or cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(json, request, cut, bytes), { minLength: 1, maxLength: 6 }),
        async (bodies) => {
          rmSync(path.join(folder, LOG_FILE), { force: true })
          write(bodies)
          const calls = await read()
          for (const [at, body] of bodies.entries()) expect(await calls[at]!.requestBody()).toEqual(body)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('gives back heads, chunks with their times, and how it ended', async () => {
    write([Buffer.from('{}')])
    const [call] = await read()
    expect(call).toMatchObject({
      id: 'c1',
      route: 'r',
      headers: [['a', 'b']],
      status: 200,
      how: 'complete',
      durationMs: 3,
    })
    const chunks = []
    for await (const chunk of call!.response()) chunks.push(chunk)
    expect(chunks).toEqual([
      { ms: 1, bytes: Buffer.from('ä') },
      { ms: 2, bytes: Buffer.from([0xff]) },
    ])
  })

  it('stays near the size of what is new in a session of bodies that grow to 600 KB', async () => {
    const message = (at: number) => ({ role: 'user', content: `${at} ${'lorem ipsum '.repeat(250)}` })
    const system = 'You are an agent. '.repeat(2000)
    const tools = Array.from({ length: 20 }, (_, at) => ({ name: `tool${at}`, description: 'x'.repeat(1000) }))
    const messages = Array.from({ length: 200 }, (_, at) => message(at))
    const bodies = messages.map((_, at) =>
      Buffer.from(
        JSON.stringify({ model: 'm', system, max_tokens: 5 + at, messages: messages.slice(0, at + 1), tools }),
      ),
    )
    write(bodies)
    const last = bodies.at(-1)!
    expect(last.length).toBeGreaterThan(600_000)
    expect(statSync(path.join(folder, LOG_FILE)).size).toBeLessThan(last.length * 1.3)
    const calls = await read()
    expect(await calls[199]!.requestBody()).toEqual(last)
  })

  it('lets both wrappings share what they share', () => {
    const contents = Array.from({ length: 50 }, (_, at) => ({ parts: [{ text: `${at} ${'word '.repeat(100)}` }] }))
    const body = (count: number, id: string) =>
      Buffer.from(JSON.stringify({ model: 'g', user_prompt_id: id, request: { contents: contents.slice(0, count) } }))
    write([body(49, 'a'), body(50, 'b')])
    expect(statSync(path.join(folder, LOG_FILE)).size).toBeLessThan(body(50, 'b').length * 1.4)
  })

  it('is read up to where it was cut, at whatever byte', async () => {
    write([Buffer.from('{"messages":["one two three four five six"]}'), Buffer.from('{"messages":[]}')])
    const whole = readFileSync(path.join(folder, LOG_FILE))
    const ends = (text: string) =>
      text
        .split('\n')
        .slice(0, -1)
        .filter((line) => line.includes('"end"')).length
    for (let size = whole.length; size > 0; size -= 1) {
      truncateSync(path.join(folder, LOG_FILE), size)
      const calls = await read()
      const isWholeLine = whole[size] === 0x0a
      const text = whole.subarray(0, isWholeLine ? size + 1 : size).toString()
      expect(calls.filter(({ how }) => how !== undefined).length).toBe(ends(text))
    }
  })

  it('survives hostile bodies', () => {
    write([Buffer.alloc(3 << 20, '['), Buffer.from(`{"a":[${'1,'.repeat(1 << 20)}1]}`), Buffer.alloc(20 << 20, 'é')])
  })
})

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { send, waitOf, type Outcome } from './http.js'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const KEY = 'sk-very-secret'
const ask = (baseUrl: string, requestMs = 2_000): Promise<Outcome<{ readonly a: number }>> =>
  send({ baseUrl, key: KEY, requestMs, uploadMs: 1 }, { method: 'GET', route: '/x' }, z.object({ a: z.number() }))

describe('one request', () => {
  test('is not sent on to where a service points', async () => {
    let sentOn = 0
    const other = await listen((_, response) => {
      sentOn += 1
      response.end('{"a":1}')
    })
    const first = await listen((_, response) => response.writeHead(307, { location: `${other}/x` }).end())
    expect(await ask(first)).toMatchObject({ kind: 'refused', failure: { code: 'hosted.redirected' } })
    expect(sentOn).toBe(0)
  })

  test('that was never sent is told from one whose answer was lost', async () => {
    const gone = await listen(() => undefined)
    for (const close of closing.splice(0)) close()
    expect(await ask(gone)).toMatchObject({ kind: 'later', failure: { code: 'hosted.unreachable' } })
    const silent = await listen(() => undefined)
    expect(await ask(silent, 50)).toMatchObject({ kind: 'lost', failure: { code: 'hosted.unreachable' } })
    const other = await listen((_, response) => response.end('{"a":"1"}'))
    expect(await ask(other)).toMatchObject({ kind: 'lost', failure: { code: 'hosted.answer' } })
  })

  test.each([
    [400, 'refused', 'hosted.refused'],
    [401, 'refused', 'hosted.key'],
    [404, 'refused', 'hosted.absent'],
    [429, 'later', 'hosted.busy'],
    [500, 'lost', 'hosted.busy'],
    [503, 'lost', 'hosted.busy'],
  ])('answered %i is %s', async (status, kind, code) => {
    const url = await listen((_, response) => response.writeHead(status).end(`{"error":{"message":"not ${KEY}"}}`))
    const outcome = await ask(url)
    expect(outcome).toMatchObject({ kind, failure: { code, message: expect.stringContaining('not [key]') } })
  })

  test('put off for want of credit is not repeated', async () => {
    const body = '{"error":{"message":"no credit","code":"insufficient_quota"}}'
    const url = await listen((_, response) => response.writeHead(429).end(body))
    expect(await ask(url)).toMatchObject({ kind: 'refused', failure: { kind: 'missing', code: 'hosted.quota' } })
  })

  test('with an answer that does not end is cut off', async () => {
    const url = await listen((_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(1 << 20), () => setImmediate(more))
      }
      more()
    })
    expect(await ask(url, 20_000)).toMatchObject({ kind: 'lost' })
  })
})

test('Retry-After is in seconds or a date', () => {
  expect(waitOf('7')).toBe(7_000)
  expect(waitOf('soon')).toBeNull()
  expect(waitOf(null)).toBeNull()
  expect(waitOf('Wed, 21 Oct 2015 07:28:00 GMT')).toBe(0)
  const minute = waitOf(new Date(Date.now() + 60_000).toUTCString())
  expect(minute).toBeGreaterThan(55_000)
  expect(minute).toBeLessThanOrEqual(60_000)
})

import { createHash, randomBytes } from 'node:crypto'
import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { ask, between as open } from '../testing/between.js'
import { bytesOf, type Answer } from '../testing/upstream.js'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function between(answer: Answer) {
  const made = await open(answer)
  opened.push(made)
  return made
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe('what is passed on', () => {
  it('is method, path, query, headers and body as they came, but for what is of the connection', async () => {
    let seen: { url?: string; method?: string; raw: string[]; body: string } | undefined
    const { url, behind, tap } = await between(async (request, response) => {
      const body = (await bytesOf(request)).toString()
      seen = { url: request.url, method: request.method, raw: request.rawHeaders, body }
      response.writeHead(201, 'Made', [
        'X-One',
        '1',
        'x-ONE',
        '2',
        'Connection',
        'X-Hop',
        'X-Hop',
        'h',
        'Content-Length',
        '2',
      ])
      response.end('ok')
    })
    const answer = await ask(`${url}/v1/a%2Fb?q=1&q=%20&key=secret`, {
      method: 'PUT',
      headers: {
        'X-Thing': 'a',
        'Accept-Encoding': 'gzip, br',
        TE: 'trailers',
        Connection: 'close, x-named',
        'X-Named': 'n',
      },
      body: '{"a":  1}',
    })
    expect(await bytesOf(answer)).toEqual(Buffer.from('ok'))
    expect(answer.statusMessage).toBe('Made')
    expect(answer.rawHeaders.filter((one) => /^x-/i.test(one))).toEqual(['X-One', 'x-ONE'])
    expect(seen).toMatchObject({ url: '/base/v1/a%2Fb?q=1&q=%20&key=secret', method: 'PUT', body: '{"a":  1}' })
    const pairs = Object.fromEntries(seen!.raw.flatMap((one, at) => (at % 2 === 0 ? [[one, seen!.raw[at + 1]]] : [])))
    expect(pairs).toMatchObject({ 'X-Thing': 'a', 'Accept-Encoding': 'identity', 'Content-Length': '9' })
    expect(pairs['Host']).toBe(new URL(behind.baseUrl).host)
    expect(Object.keys(pairs).some((name) => /^(te|x-named|transfer-encoding)$/i.test(name))).toBe(false)
    await tap.ended(1)
    expect(tap.calls[0]).toMatchObject({
      isAsked: true,
      status: 201,
      how: 'complete',
      request: { path: '/base/v1/a%2Fb' },
    })
  })

  it.each([
    ['with a length', { 'content-length': 64 << 20 }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('is a body of 64 MB %s, to the byte', async (_name, headers) => {
    const body = randomBytes(64 << 20)
    const { url, tap } = await between((request, response) => {
      response.writeHead(200, { ...headers, 'content-type': 'application/octet-stream' })
      request.pipe(response)
    })
    const answer = await ask(url, { body, headers })
    expect(digest(await bytesOf(answer))).toBe(digest(body))
    await tap.ended(1)
    expect(digest(Buffer.concat(tap.calls[0]!.asked))).toBe(digest(body))
    expect(digest(Buffer.concat(tap.calls[0]!.said))).toBe(digest(body))
  })

  it('comes at once: the head before the first byte, each chunk before the next', async () => {
    let more: (() => void) | undefined
    const { url, tap } = await between((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      let count = 0
      // Nothing further is sent before the agent has what was sent.
      more = () => (++count > 50 ? response.end() : response.write(`data: ${count}\n\n`))
    })
    const answer = await ask(url)
    const came: string[] = []
    more?.()
    for await (const chunk of answer) {
      came.push(String(chunk))
      more?.()
    }
    expect(came).toEqual(Array.from({ length: 50 }, (_, at) => `data: ${at + 1}\n\n`))
    await tap.ended(1)
    expect(tap.calls[0]?.said.map(String)).toEqual(came)
  })

  it('keeps HEAD, 204, errors, compression and trailers as they are', async () => {
    const zipped = gzipSync('zipped')
    const { url } = await between((request, response) => {
      if (request.url?.endsWith('/zip')) response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped)
      else if (request.url?.endsWith('/none')) response.writeHead(204).end()
      else if (request.url?.endsWith('/503')) response.writeHead(503, { 'retry-after': '1' }).end('busy')
      else if (request.url?.endsWith('/trail')) {
        response.writeHead(200, { trailer: 'x-sum' }).write('a')
        response.addTrailers({ 'x-sum': '1' })
        response.end()
      } else response.writeHead(200, { 'content-length': 5 }).end(request.method === 'HEAD' ? undefined : 'hello')
    })
    const head = await ask(url, { method: 'HEAD' })
    expect([head.statusCode, head.headers['content-length'], String(await bytesOf(head))]).toEqual([200, '5', ''])
    const none = await ask(`${url}/none`, { method: 'DELETE' })
    expect([none.statusCode, String(await bytesOf(none))]).toEqual([204, ''])
    const busy = await ask(`${url}/503`, { method: 'GET' })
    expect([busy.statusCode, busy.headers['retry-after'], String(await bytesOf(busy))]).toEqual([503, '1', 'busy'])
    expect(await bytesOf(await ask(`${url}/zip`))).toEqual(zipped)
    const trail = await ask(`${url}/trail`)
    await bytesOf(trail)
    expect(trail.trailers).toEqual({ 'x-sum': '1' })
  })

  it('passes hints on before the answer', async () => {
    const { url } = await between((_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' }, () => response.end('x'))
    })
    const hints = await new Promise((resolve) => {
      const request = http.request(url, { method: 'GET', agent: false }, (answer) => answer.resume())
      request.on('information', ({ statusCode, headers }) => resolve([statusCode, headers['link']]))
      request.end()
    })
    expect(hints).toEqual([103, '</a>; rel=preload'])
  })

  it('holds back neither side longer than the other, and holds little', async () => {
    let written = 0
    const { url } = await between((_request, response) => {
      const more = (): void => {
        while (written < 200 << 20) {
          written += 1 << 20
          if (!response.write(Buffer.alloc(1 << 20))) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    })
    const answer = await ask(url)
    answer.pause()
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(written).toBeLessThan(100 << 20)
    expect((await bytesOf(answer)).length).toBe(200 << 20)
  })

  it('waits while what came cannot be written', async () => {
    const body = randomBytes(32 << 20)
    const { url, tap } = await between((request, response) => void request.pipe(response))
    const makeRoom = tap.fill()
    const answered = ask(url, { body })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const told = (): number => [...tap.calls[0]!.asked, ...tap.calls[0]!.said].reduce((sum, one) => sum + one.length, 0)
    expect(told()).toBeLessThan(1 << 20)
    makeRoom()
    expect(digest(await bytesOf(await answered))).toBe(digest(body))
    await tap.ended(1)
    expect(told()).toBe(64 << 20)
  })

  it('waits with small pieces too', async () => {
    const { url, tap } = await between(async (_request, response) => {
      for (let at = 0; at < 100; at += 1) {
        response.write(`data: ${at}\n\n`)
        await new Promise((resolve) => setImmediate(resolve))
      }
      response.end()
    })
    const makeRoom = tap.fill()
    const answered = ask(url).then(bytesOf)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(tap.calls[0]!.said.length).toBeLessThan(10)
    makeRoom()
    expect(String(await answered).match(/data/g)?.length).toBe(100)
  })
})

describe('what breaks', () => {
  it('is broken for the agent too, where the upstream is cut', async () => {
    const { url, tap } = await between((_request, response) => {
      response.writeHead(200).write('half')
      setTimeout(() => response.destroy(), 20)
    })
    const answer = await ask(url)
    await expect(bytesOf(answer)).rejects.toThrow(/aborted/)
    await tap.ended(1)
    expect(tap.calls[0]).toMatchObject({ how: 'upstream-gone', status: 200 })
    expect(String(tap.calls[0]!.said)).toBe('half')
  })

  it('is broken for the upstream, where the agent goes', async () => {
    let gone: (() => void) | undefined
    const isGone = new Promise<void>((resolve) => (gone = resolve))
    const { url, tap } = await between((_request, response) => {
      response.writeHead(200).write('half')
      response.on('close', () => gone?.())
    })
    const request = http.request(url, { method: 'POST', agent: false }, (answer) => {
      answer.once('data', () => request.destroy())
    })
    request.on('error', () => undefined)
    request.end('x')
    await isGone
    await tap.ended(1)
    expect(tap.calls[0]).toMatchObject({ how: 'client-gone', isAsked: true })
  })

  it('is an upload that ends too soon', async () => {
    let broken: ((error: unknown) => void) | undefined
    const isBroken = new Promise((resolve) => (broken = resolve))
    const { url, tap } = await between((request) => void bytesOf(request).catch((error: unknown) => broken?.(error)))
    const request = http.request(url, { method: 'POST', agent: false, headers: { 'content-length': 100 } })
    request.on('error', () => undefined)
    request.write('only this')
    setTimeout(() => request.destroy(), 50)
    expect(await isBroken).toMatchObject({ code: 'ECONNRESET' })
    await tap.ended(1)
    expect(tap.calls[0]).toMatchObject({ how: 'client-gone' })
    expect(String(tap.calls[0]!.asked)).toBe('only this')
    expect(tap.calls[0]!.isAsked).toBeUndefined()
  })

  it('is told in the words of the dialect where nothing answers', async () => {
    const { url, tap, warnings, behind } = await between(() => undefined)
    behind.close()
    const answer = await ask(`${url}/v1/messages`, { body: '{}' })
    expect(answer.statusCode).toBe(502)
    const said = JSON.parse(String(await bytesOf(answer))) as unknown
    expect(said).toMatchObject({ type: 'error', error: { message: expect.stringContaining('connection refused') } })
    expect(warnings).toEqual([`${new URL(behind.baseUrl).host} could not be reached: connection refused`])
    expect(tap.calls[0]).toMatchObject({ how: 'upstream-gone' })
    expect(tap.calls[0]!.status).toBeUndefined()
  })

  it('is cut where the recorder closes', async () => {
    const { url, tap, gateway } = await between((_request, response) => void response.writeHead(200).write('half'))
    const answer = await ask(url)
    await gateway.close()
    await expect(bytesOf(answer)).rejects.toThrow()
    expect(tap.calls[0]).toMatchObject({ how: 'cut' })
  })
})

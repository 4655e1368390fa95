import net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ask, between as open, type Asked } from '../testing/between.js'
import { listeningTap } from '../testing/tap.js'
import { bytesOf, upstream, type Answer } from '../testing/upstream.js'
import { startGateway } from './index.js'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function between(answer: Answer) {
  const made = await open(answer)
  opened.push(made)
  return made
}

describe('who is let in', () => {
  const status = async (url: string, asked?: Asked): Promise<number | undefined> => (await ask(url, asked)).statusCode

  it('is who knows the token, by a name of this machine, and no web page', async () => {
    const { url, tap } = await between((_request, response) => void response.end('ok'))
    const { origin, port } = new URL(url)
    expect(await status(url)).toBe(200)
    expect(await status(url, { headers: { host: `localhost:${port}` } })).toBe(200)
    expect(await status(url, { headers: { origin: 'http://localhost:3000' } })).toBe(200)
    expect(await status(url, { headers: { host: 'rebound.example' } })).toBe(403)
    expect(await status(url, { headers: { host: `127.0.0.1.example:${port}` } })).toBe(403)
    expect(await status(url, { headers: { origin: 'https://a.example' } })).toBe(403)
    expect(await status(url, { headers: { origin: 'null' } })).toBe(403)
    expect(await status(`${origin}/${'0'.repeat(32)}/r`)).toBe(404)
    expect(await status(`${origin}/r`)).toBe(404)
    expect(await status(origin)).toBe(404)
    expect(await status(url.replace(/r$/, 'another'))).toBe(404)
    expect(tap.calls.length).toBe(3)
  })

  it('is no one who wants another protocol', async () => {
    const { url, tap } = await between(() => undefined)
    const { port, pathname } = new URL(url)
    const socket = net.connect(Number(port), '127.0.0.1')
    socket.write(
      `GET ${pathname}/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
    expect(String(await bytesOf(socket))).toMatch(/^HTTP\/1.1 426 Upgrade Required\r\n/)
    expect(tap.calls[0]).toMatchObject({ status: 426, how: 'complete' })
  })
})

describe('a proxy of the environment', () => {
  it('is used, for http as an address and for https as a tunnel, and not for what NO_PROXY names', async () => {
    const asked: string[] = []
    const proxy = await upstream((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`)
      response.end('by proxy')
    })
    proxy.server.on('connect', (request, socket) => {
      asked.push(`${request.method} ${request.url}`)
      socket.end('HTTP/1.1 407 No\r\n\r\n')
    })
    opened.push(proxy)
    const address = proxy.baseUrl.replace('//', '//user:pass%20word@')
    const through = async (baseUrl: string, env: Record<string, string>): Promise<string> => {
      const started = await startGateway({
        routes: [{ name: 'r', upstream: { kind: 'pass', baseUrl } }],
        ...{ tap: listeningTap(), warn: () => undefined, env },
      })
      if (!started.ok) throw new Error(started.failure.message)
      const gateway = started.value
      opened.push(gateway)
      return String(await bytesOf(await ask(`${gateway.urlOf('r')}/x`, { method: 'GET' })))
    }
    expect(await through('http://api.example:8080/v1', { http_proxy: address })).toBe('by proxy')
    expect(await through('https://api.example/v1', { HTTPS_PROXY: address })).toContain('answers 407')
    const direct = await upstream((_request, response) => void response.end('direct'))
    opened.push(direct)
    expect(await through(direct.baseUrl, { HTTP_PROXY: address, NO_PROXY: 'a.example, 127.0.0.1' })).toBe('direct')
    const pair = Buffer.from('user:pass word').toString('base64')
    expect(asked).toEqual([`GET http://api.example:8080/v1/x Basic ${pair}`, 'CONNECT api.example:443'])
  })

  it('is refused where it is none that is known', async () => {
    const options = { tap: listeningTap(), warn: () => undefined, env: { ALL_PROXY: 'socks5://127.0.0.1:1' } }
    for (const baseUrl of ['http://a.example', 'ftp://a.example', 'nowhere']) {
      expect(
        await startGateway({ ...options, routes: [{ name: 'r', upstream: { kind: 'pass', baseUrl } }] }),
      ).toMatchObject({
        ok: false,
        failure: { code: 'record.upstream' },
      })
    }
  })
})

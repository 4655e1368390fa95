import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { ScriptEntry } from '../../../../nouns/index.js'
import { scriptedModel } from '../../../models/index.js'
import { DIALECTS } from '../../../wire/registry.js'
import { ask } from '../../testing/between.js'
import { listeningTap } from '../../testing/tap.js'
import { bytesOf } from '../../testing/upstream.js'
import { startGateway } from '../index.js'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

const call = { name: 'shell', arguments: '{"command":"ls"}', id: 'call_1' }
const SCRIPT: readonly ScriptEntry[] = [
  { request: 'plain', replies: [{ text: 'Hello there.', reasoning: 'Hm.' }] },
  { request: 'calls', replies: [{ text: 'Let me see.', toolCalls: [call] }] },
  { request: 'busy', replies: [{ text: 'At last.', faults: [{ kind: 'status', status: 529 }] }] },
  { request: 'cut', replies: [{ text: 'one two three', faults: [{ kind: 'cut', after: 7 }] }] },
  { request: 'slow', replies: [{ text: 'word '.repeat(200), wordMs: 20 }] },
]

async function served() {
  const tap = listeningTap()
  const warnings: string[] = []
  const model = scriptedModel('script:test', SCRIPT)
  const routes = [{ name: 'r', upstream: { kind: 'model', model } as const }]
  const started = await startGateway({ routes, tap, warn: (line) => warnings.push(line), env: {} })
  if (!started.ok) throw new Error(started.failure.message)
  opened.push(started.value)
  return { url: started.value.urlOf('r'), tap, warnings }
}

/** What an agent sends, by dialect: path and body. */
const ASKED: Readonly<Record<string, (text: string, stream: boolean) => { at: string; body: object }>> = {
  'chat-completions': (content, stream) => ({
    at: '/v1/chat/completions',
    body: { model: 'any', stream, messages: [{ role: 'user', content }] },
  }),
  responses: (content, stream) => ({
    at: '/v1/responses',
    body: { model: 'any', stream, input: [{ role: 'user', content: [{ type: 'input_text', text: content }] }] },
  }),
  messages: (content, stream) => ({
    at: '/v1/messages?beta=true',
    body: { model: 'any', stream, max_tokens: 99, messages: [{ role: 'user', content }] },
  }),
  gemini: (text, stream) => ({
    at: `/v1beta/models/any:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: { contents: [{ role: 'user', parts: [{ text }] }] },
  }),
}

describe.each(DIALECTS.map((dialect) => ({ name: dialect.name, dialect })))(
  'a model asked in $name',
  ({ name, dialect }) => {
    const exchange = async (url: string, text: string, stream: boolean) => {
      const { at, body } = ASKED[name]!(text, stream)
      const answer = await ask(`${url}${at}`, { body: JSON.stringify(body) })
      const said = String(await bytesOf(answer))
      return {
        status: answer.statusCode!,
        said,
        type: answer.headers['content-type'],
        read: dialect.readResponse(said, answer.statusCode!),
      }
    }

    it.each([true, false])('says what it says, as a stream: %s', async (stream) => {
      const { url, tap } = await served()
      const plain = await exchange(url, 'plain', stream)
      expect(plain).toMatchObject({ status: 200, read: { complete: true, message: { content: 'Hello there.' } } })
      expect(plain.type).toMatch(stream ? /^text\/event-stream/ : /^application\/json/)
      const calls = await exchange(url, 'calls', stream)
      const [made] = calls.read.message?.toolCalls ?? []
      expect(made).toMatchObject({ name: 'shell', arguments: '{"command":"ls"}' })
      await tap.ended(2)
      expect(tap.calls.map(({ said }) => Buffer.concat(said).toString())).toEqual([plain.said, calls.said])
      expect(tap.calls.map(({ how, status, isAsked }) => [how, status, isAsked])).toEqual([
        ['complete', 200, true],
        ['complete', 200, true],
      ])
    })

    it('passes faults on: a status, and a cut', async () => {
      const { url, tap } = await served()
      for (const stream of [true, false]) {
        const busy = await exchange(url, 'busy', stream)
        expect(busy.status).toBe(stream ? 529 : 200)
        expect(busy.read.error === undefined).toBe(!stream)
      }
      await expect(exchange(url, 'cut', true)).rejects.toThrow(/aborted|socket hang up/)
      await tap.ended(3)
      expect(tap.calls[2]).toMatchObject({ how: 'upstream-gone' })
      const said = dialect.readResponse(Buffer.concat(tap.calls[2]!.said).toString(), 200)
      expect(said).toMatchObject({ complete: false, message: { content: 'one two' } })
    })

    it('refuses what is no request, and lists itself', async () => {
      const { url } = await served()
      const { at } = ASKED[name]!('', false)
      for (const body of ['{', '[]', '{"messages": 1}']) {
        const answer = await ask(`${url}${at}`, { body })
        expect([answer.statusCode, dialect.readResponse(String(await bytesOf(answer)), 400).error]).toEqual([
          400,
          expect.any(String),
        ])
      }
      const list = await ask(`${url}${name === 'gemini' ? '/v1beta' : '/v1'}/models`, { method: 'GET' })
      expect([list.statusCode, String(await bytesOf(list))]).toEqual([200, expect.stringContaining('script:test')])
    })
  },
)

describe('a model', () => {
  const body = JSON.stringify(ASKED['messages']!('slow', true).body)

  it('is stopped where the agent goes', async () => {
    const { url, tap } = await served()
    const request = http.request(`${url}/v1/messages`, { method: 'POST', agent: false }, (answer) => {
      answer.once('data', () => request.destroy())
    })
    request.on('error', () => undefined)
    request.end(body)
    await tap.ended(1)
    expect(tap.calls[0]).toMatchObject({ how: 'client-gone' })
    const said = tap.calls[0]!.said.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(tap.calls[0]!.said.length).toBe(said)
  })

  it('reads compressed bodies, answers HEAD, and has no other paths', async () => {
    const { url } = await served()
    const zipped = gzipSync(JSON.stringify(ASKED['messages']!('plain', false).body))
    const headers = { 'content-encoding': 'gzip' }
    const answer = await ask(`${url}/v1/messages`, { body: zipped, headers })
    expect(String(await bytesOf(answer))).toContain('Hello there.')
    const unknown = await ask(`${url}/v1/messages`, { body: zipped, headers: { 'content-encoding': 'zst' } })
    expect(unknown.statusCode).toBe(415)
    expect((await ask(url, { method: 'HEAD' })).statusCode).toBe(200)
    expect((await ask(`${url}/api/event_logging/batch`, { body: '{}' })).statusCode).toBe(404)
    expect((await ask(`${url}/v1/messages/count_tokens`, { body })).statusCode).toBe(404)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap, type ScriptEntry } from '../../../nouns/index.js'
import { scriptedModel } from '../../models/index.js'
import { DIALECTS } from '../registry.js'
import { serveModel, type ServedModel } from './index.js'

const call = { id: 'call_1', name: 'shell', arguments: '{ "command": "ls" }' }
const SCRIPT: readonly ScriptEntry[] = [
  { request: 'plain', replies: [{ text: 'Grüße.', reasoning: 'Hm.', toolCalls: [call] }] },
  { request: 'busy', replies: [{ text: 'At last.', faults: [{ kind: 'status', status: 503 }] }] },
  { request: 'cut', replies: [{ text: 'one two three', faults: [{ kind: 'cut', after: 7 }] }] },
]

/** What an agent sends, by dialect: path and body. */
const ASKED: Readonly<Record<string, (text: string, stream: boolean) => { at: string; body: object }>> = {
  'chat-completions': (content, stream) => ({
    at: '/v1/chat/completions',
    body: { model: 'scripted', stream, messages: [{ role: 'user', content }] },
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

let served: ServedModel
let locked: ServedModel
beforeAll(async () => {
  served = unwrap(await serveModel(scriptedModel('scripted', SCRIPT)))
  locked = unwrap(await serveModel(scriptedModel('scripted', SCRIPT), { apiKey: 'secret' }))
})
afterAll(() => Promise.all([served.close(), locked.close()]))

const rootOf = ({ baseUrl }: ServedModel): string => baseUrl.replace(/\/v1$/, '')

/** What comes before a connection breaks. */
async function cameOf(asked: () => Promise<Response>): Promise<{ text: string; ended: boolean }> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    const { body } = await asked()
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) text += decoder.decode(chunk)
    return { text, ended: true }
  } catch {
    return { text, ended: false }
  }
}

describe.each(DIALECTS)('a model served in $name', (dialect) => {
  const ask = (text: string, stream: boolean, server = served, more: Record<string, string> = {}, query = '') => {
    const { at, body } = ASKED[dialect.name]!(text, stream)
    const separator = at.includes('?') ? '&' : '?'
    const url = `${rootOf(server)}${at}${query === '' ? '' : `${separator}${query}`}`
    return fetch(url, { method: 'POST', body: JSON.stringify(body), headers: more })
  }

  it.each([true, false])('says what it says, stream: %s', async (stream) => {
    const response = await ask('plain', stream)
    expect(response.headers.get('content-type')).toMatch(stream ? /event-stream/ : /json/)
    const read = dialect.readResponse(await response.text(), response.status)
    expect(read).toMatchObject({
      complete: true,
      stop: 'tool-calls',
      message: { content: 'Grüße.', reasoning: { text: 'Hm.' } },
    })
    expect(read.message?.toolCalls).toMatchObject([{ name: call.name, arguments: call.arguments }])
  })

  it('fails in the words of the dialect, and answers the next attempt', async () => {
    for (const stream of [true, false]) {
      const fresh = unwrap(await serveModel(scriptedModel('scripted', SCRIPT)))
      const response = await ask('busy', stream, fresh)
      expect(response.status).toBe(503)
      expect(dialect.readResponse(await response.text(), 503)).toMatchObject({ error: expect.stringContaining('503') })
      expect((await ask('busy', stream, fresh)).status).toBe(200)
      await fresh.close()
    }
  })

  it('breaks the connection where the script says so', async () => {
    for (const stream of [true, false]) {
      const fresh = unwrap(await serveModel(scriptedModel('scripted', SCRIPT)))
      const came = await cameOf(() => ask('cut', stream, fresh))
      expect(came.ended).toBe(false)
      if (stream)
        expect(dialect.readResponse(came.text, 200)).toMatchObject({ complete: false, message: { content: 'one two' } })
      expect((await ask('cut', stream, fresh)).status).toBe(200)
      await fresh.close()
    }
  })

  it('takes its key wherever clients put it, and no other', async () => {
    expect((await ask('plain', false, locked)).status).toBe(401)
    expect((await ask('plain', false, locked, { 'x-api-key': 'wrong' })).status).toBe(401)
    for (const headers of [
      { authorization: 'Bearer secret' },
      { 'x-api-key': 'secret' },
      { 'x-goog-api-key': 'secret' },
    ])
      expect((await ask('plain', false, locked, headers as unknown as Record<string, string>)).status).toBe(200)
    expect((await ask('plain', false, locked, {}, 'key=secret')).status).toBe(200)
  })
})

it('models are listed in the words of who asks', async () => {
  const list = async (path: string, headers: Record<string, string> = {}): Promise<unknown> =>
    (await fetch(`${rootOf(served)}${path}`, { headers })).json()
  expect(await list('/v1/models')).toMatchObject({ object: 'list', data: [{ id: 'scripted' }] })
  expect(await list('/v1/models', { 'anthropic-version': '2023-06-01' })).toMatchObject({ has_more: false })
  expect(await list('/v1beta/models')).toMatchObject({ models: [{ name: 'models/scripted' }] })
})

it.each([
  ['/v1/messages/count_tokens', { type: 'error', error: { type: 'not_found_error' } }],
  ['/v1beta/models/m:countTokens', { error: { code: 404, status: 'NOT_FOUND' } }],
  ['/v1/responses/input_tokens', { error: { type: 'invalid_request_error', code: 'not_found' } }],
])('tokens are counted nowhere, which %s says in the words of its dialect', async (path, words) => {
  const response = await fetch(`${rootOf(served)}${path}`, { method: 'POST', body: '{"messages":[],"contents":[]}' })
  expect([response.status, await response.json()]).toMatchObject([404, words])
})

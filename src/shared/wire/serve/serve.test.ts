import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap, type Message, type ScriptEntry } from '../../../nouns/index.js'
import { endpointModel, scriptedModel, type ChatModel, type ModelEvent } from '../../models/index.js'
import { modelApp } from './app.js'
import { serveModel, type ServedModel } from './index.js'

const CALLS = [
  { id: 'a', name: 'bash', arguments: '{ "command" : "ls" }' },
  { id: 'b', name: 'bash', arguments: '{"command": "ls' },
]

const ENTRIES: ScriptEntry[] = [
  { request: 'hi', replies: [{ text: 'Grüße\n' }, { text: 'again' }] },
  { request: 'call', replies: [{ text: '', reasoning: 'hm', toolCalls: CALLS }] },
]

const app = modelApp(scriptedModel('script:x', ENTRIES))

const post = (body: unknown) =>
  app.request('/v1/chat/completions', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })

const ask = (request: string, more: object = {}) =>
  post({ model: 'script:x', messages: [{ role: 'user', content: request }], ...more })

describe('a served model', () => {
  test('answers whole', async () => {
    const response = await ask('hi', { user: 'u', n: 1, temperature: 0 })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'script:x',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Grüße\n' }, finish_reason: 'stop' }],
    })
    expect(await (await ask('call')).json()).toMatchObject({
      choices: [
        {
          message: {
            content: null,
            reasoning_content: 'hm',
            tool_calls: CALLS.map(({ id, ...made }) => ({ id, type: 'function', function: made })),
          },
          finish_reason: 'tool_calls',
        },
      ],
    })
  })

  test('answers in a stream that ends with [DONE]', async () => {
    const response = await ask('call', { stream: true, stream_options: { include_usage: true } })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const lines = (await response.text()).split('\n\n').filter((line) => line !== '')
    expect(lines.at(-1)).toBe('data: [DONE]')
    const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.slice('data: '.length)) as Record<string, unknown>)
    expect(chunks.map((chunk) => (chunk.choices as object[])[0])).toEqual([
      { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null },
      { index: 0, delta: { reasoning_content: 'hm' }, finish_reason: null },
      ...CALLS.map(({ id, ...made }, index) => ({
        index: 0,
        delta: { tool_calls: [{ index, id, type: 'function', function: made }] },
        finish_reason: null,
      })),
      { index: 0, delta: {}, finish_reason: 'tool_calls' },
    ])
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1)
  })

  test('counts where the model counts', async () => {
    const usage = { inputTokens: 7, outputTokens: 2, cachedInputTokens: 4 }
    const counting: ChatModel = {
      name: 'c',
      async *stream(): AsyncGenerator<ModelEvent> {
        yield { type: 'text', text: 'x' }
        yield { type: 'usage', usage }
        yield { type: 'stop', reason: 'length' }
      },
    }
    const body = { model: 'c', messages: [{ role: 'user', content: 'x' }] }
    const request = (more: object) =>
      modelApp(counting).request('/v1/chat/completions', { method: 'POST', body: JSON.stringify({ ...body, ...more }) })
    const wire = {
      prompt_tokens: 7,
      completion_tokens: 2,
      total_tokens: 9,
      prompt_tokens_details: { cached_tokens: 4 },
    }
    expect(await (await request({})).json()).toMatchObject({ usage: wire, choices: [{ finish_reason: 'length' }] })
    const text = await (await request({ stream: true, stream_options: { include_usage: true } })).text()
    expect(text).toContain(`"choices":[],"usage":${JSON.stringify(wire)}`)
    expect(await (await request({ stream: true })).text()).not.toContain('usage')
  })

  test('lists itself, and says that it is well', async () => {
    expect(await (await app.request('/health')).json()).toEqual({ status: 'ok' })
    expect(await (await app.request('/v1/models')).json()).toMatchObject({ object: 'list', data: [{ id: 'script:x' }] })
  })

  test.each([
    ['{', 400, 'invalid_json', null],
    [{ model: 'script:x' }, 400, 'invalid_type', 'messages'],
    [{ model: 'other', messages: [{ role: 'user', content: 'hi' }] }, 404, 'model_not_found', 'model'],
    [
      { model: 'script:x', messages: [{ role: 'user', content: 'hi' }], top_k: 3 },
      400,
      'unsupported_parameter',
      'top_k',
    ],
    [{ model: 'script:x', messages: [{ role: 'user', content: 'hi' }], n: 2 }, 400, 'unsupported_value', 'n'],
    [{ model: 'script:x', messages: [{ role: 'user', content: 'new' }] }, 400, 'script.unmatched', null],
    [{ model: 'script:x', messages: [{ role: 'user', content: 'new' }], stream: true }, 400, 'script.unmatched', null],
  ])('refuses %j as OpenAI would', async (body, status, code, param) => {
    const response = await post(body)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({
      error: { message: expect.stringMatching(/./), type: 'invalid_request_error', param, code },
    })
  })

  test('has no other pages', async () => {
    const response = await app.request('/v1/embeddings')
    expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
  })

  test('that fails on its way says so in the stream', async () => {
    const failing: ChatModel = {
      name: 'f',
      async *stream(): AsyncGenerator<ModelEvent> {
        yield { type: 'text', text: 'half' }
        yield { type: 'failure', retryable: true, failure: { kind: 'underway', code: 'x.y', message: 'gone' } }
      },
    }
    const request = (stream: boolean) =>
      modelApp(failing).request('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify({ model: 'f', stream, messages: [{ role: 'user', content: 'x' }] }),
      })
    const text = await (await request(true)).text()
    expect(text).toMatch(/"error":\{"message":"gone","type":"server_error","param":null,"code":"x.y"\}\}\n\n$/)
    expect((await request(false)).status).toBe(503)
  })
})

describe('over the loopback', () => {
  let served: ServedModel
  let entries: ScriptEntry[] = ENTRIES
  const changing: ChatModel = {
    name: 'm',
    stream: (request, signal) => scriptedModel('m', entries).stream(request, signal),
  }
  beforeAll(async () => void (served = unwrap(await serveModel(changing))))
  afterAll(() => served.close())

  const through = async (messages: readonly Message[], signal?: AbortSignal): Promise<ModelEvent[]> => {
    const model = endpointModel({ name: 'e', baseUrl: served.baseUrl, model: served.modelName })
    const events: ModelEvent[] = []
    for await (const event of model.stream({ messages, tools: [], params: { maxTokens: 5 } }, signal))
      events.push(event)
    return events
  }
  const user: Message = { id: 'm1', role: 'user', origin: 'human', content: 'hi' }

  test('whatever a model says comes back the same through the endpoint model', async () => {
    const call = fc.record({ name: fc.constantFrom('bash', 'read'), arguments: fc.oneof(fc.string(), fc.json()) })
    const reply = fc.record({ text: fc.string({ unit: 'grapheme' }), calls: fc.array(call, { maxLength: 3 }) })
    await fc.assert(
      fc.asyncProperty(reply, async ({ text, calls }) => {
        entries = [{ replies: [{ text, toolCalls: calls }] }]
        const events = await through([user])
        expect(events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('')).toBe(text)
        const got = events.flatMap((event) => (event.type === 'toolCall' ? [[event.name, event.arguments]] : []))
        expect(got).toEqual(calls.map((made) => [made.name, made.arguments]))
        expect(events.at(-1)).toEqual({ type: 'stop', reason: calls.length > 0 ? 'tool-calls' : 'stop' })
      }),
      { numRuns: 60 },
    )
  })

  test('a conversation arrives as it was sent', async () => {
    entries = ENTRIES
    const said: Message = { id: 'm2', role: 'assistant', origin: 'model', content: 'Grüße\n' }
    expect(await through([user, said, { ...user, id: 'm3' }])).toContainEqual({ type: 'text', text: 'again' })
  })

  test('what a server behind refuses is told in its own words', async () => {
    const error = {
      message: 'messages.0.content: no image_url',
      type: 'invalid_request_error',
      param: 'x.y',
      code: 'z',
    }
    for (const body of [{ detail: error }, { error }]) {
      const behind = createServer((_, response) => response.writeHead(400).end(JSON.stringify(body)))
      await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve))
      const baseUrl = `http://127.0.0.1:${(behind.address() as AddressInfo).port}/v1`
      for (const stream of [true, false]) {
        const response = await modelApp(endpointModel({ name: 'e', baseUrl, model: 'm' })).request(
          '/v1/chat/completions',
          { method: 'POST', body: JSON.stringify({ model: 'e', stream, messages: [{ role: 'user', content: 'x' }] }) },
        )
        expect([response.status, await response.json()]).toEqual([400, { error }])
      }
      behind.close()
    }
  })

  test('an image where none can be sent is refused at its place', async () => {
    const image = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }]
    const messages = [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: image },
    ]
    const response = await modelApp(endpointModel({ name: 'e', baseUrl: 'http://127.0.0.1:9', model: 'm' })).request(
      '/v1/chat/completions',
      { method: 'POST', body: JSON.stringify({ model: 'e', messages }) },
    )
    expect(await response.json()).toMatchObject({ error: { param: 'messages.1.content', code: 'unsupported_value' } })
  })

  test('an interrupted client ends the model’s work', async () => {
    entries = [{ replies: [{ text: 'late', delayMs: 60_000 }] }]
    expect(await through([user], AbortSignal.timeout(60))).toMatchObject([{ failure: { kind: 'interrupted' } }])
  })

  test('a taken port is said', async () => {
    const port = Number(new URL(served.baseUrl).port)
    expect(await serveModel(changing, { port })).toMatchObject({ ok: false, failure: { code: 'model.port' } })
  })
})

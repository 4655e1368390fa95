import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { unwrap, type Message, type Part } from '../../../nouns/index.js'
import { endpointModel } from '../endpoint/index.js'
import { hostedModel } from '../hosted/index.js'
import type { ChatModel, ModelEvent } from '../model.js'

const DATA = 'iVBORw0KGgo='
const URI = `data:image/png;base64,${DATA}`
const KEYS = { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', GOOGLE_GENERATIVE_AI_API_KEY: 'k' }

type Body = Readonly<Record<string, unknown>>
type Name = 'openai' | 'anthropic' | 'google' | 'endpoint'

async function opened(name: Name, baseUrl: string): Promise<ChatModel> {
  if (name === 'endpoint') return endpointModel({ name, model: 'm', baseUrl })
  return unwrap(await hostedModel({ name, provider: name, model: 'gemini-3-pro', baseUrl, env: KEYS }))
}

/** What a provider is sent for a conversation, and what was told of it; the server refuses to answer. */
async function sent(
  name: Name,
  messages: readonly Message[],
): Promise<{ body: Body | undefined; events: ModelEvent[] }> {
  const bodies: Body[] = []
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      bodies.push(body as Body)
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const model = await opened(name, `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`)
  const events: ModelEvent[] = []
  for await (const event of model.stream({ messages, tools: [], params: { maxTokens: 9 } })) events.push(event)
  await new Promise((resolve) => server.close(resolve))
  return { body: bodies[0], events }
}

const asked = (...content: Part[]): Message => ({ id: 'm1', role: 'user', origin: 'human', content })
const called = (...ids: string[]): Message => ({
  ...{ id: 'm2', role: 'assistant', origin: 'model', content: '' },
  toolCalls: ids.map((id) => ({ id, name: 'look', arguments: '{}' })),
})
const answered = (toolCallId: string, content: Message['content'], isError = false): Message => ({
  ...{ id: toolCallId, role: 'tool', origin: 'tool', toolCallId, content },
  ...(isError ? { isError } : {}),
})

/** One picture in each of the four dialects. */
const PICTURES: readonly (readonly [string, Part])[] = [
  ['chat completions', { type: 'image_url', image_url: { url: URI, detail: 'low' } }],
  ['Responses', { type: 'input_image', image_url: URI }],
  ['Messages', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: DATA } }],
  ['Gemini', { type: 'inlineData', inlineData: { mimeType: 'image/png', data: DATA } }],
]
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: DATA } }
const INLINE = { inlineData: { mimeType: 'image/png', data: DATA } }

describe.each(PICTURES)('a picture as %s has it', (_dialect, picture) => {
  const messages = [asked({ type: 'text', text: 'See' }, picture)]

  test('reaches every provider in its own form', async () => {
    const chat = [{ role: 'user', content: [{ text: 'See' }, { type: 'image_url', image_url: { url: URI } }] }]
    expect((await sent('endpoint', messages)).body?.['messages']).toMatchObject(chat)
    expect((await sent('openai', messages)).body?.['messages']).toMatchObject(chat)
    expect((await sent('anthropic', messages)).body?.['messages']).toMatchObject([
      { content: [{ text: 'See' }, IMAGE] },
    ])
    expect((await sent('google', messages)).body?.['contents']).toMatchObject([{ parts: [{ text: 'See' }, INLINE] }])
  })

  test('reaches a provider as part of a result where results may hold one', async () => {
    const result = [
      asked({ type: 'text', text: 'Look' }),
      called('a'),
      answered('a', [{ type: 'text', text: 'Here' }, picture]),
    ]
    const anthropic = await sent('anthropic', result)
    expect(anthropic.body?.['messages']).toMatchObject([
      {},
      {},
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'Here' }, IMAGE] }],
      },
    ])
    expect((await sent('google', result)).body?.['contents']).toMatchObject([
      {},
      {},
      { parts: [{ functionResponse: { response: { content: 'Here' }, parts: [INLINE] } }] },
    ])
    expect(anthropic.events.filter(({ type }) => type === 'warning')).toEqual([])
  })

  test('follows the results where they may not, and that is told', async () => {
    const results = [answered('a', [{ type: 'text', text: 'Here' }, picture]), answered('b', 'there')]
    const { body, events } = await sent('endpoint', [
      called('a', 'b'),
      ...results,
      asked({ type: 'text', text: 'And?' }),
    ])
    expect(body?.['messages']).toMatchObject([
      { role: 'assistant' },
      { role: 'tool', tool_call_id: 'a', content: 'Here' },
      { role: 'tool', tool_call_id: 'b', content: 'there' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: URI } },
          { type: 'text', text: 'And?' },
        ],
      },
    ])
    expect(events).toContainEqual({
      type: 'warning',
      text: "a file of the result of a went into a message of the user's after it: results hold text alone here",
    })
  })
})

test('a failed result stays one where it holds a picture', async () => {
  const failed = answered('a', [{ type: 'text', text: 'broke' }, ...PICTURES.slice(2, 3).map(([, part]) => part)], true)
  const { body } = await sent('anthropic', [asked({ type: 'text', text: 'Look' }), called('a'), failed])
  expect(body?.['messages']).toMatchObject([
    {},
    {},
    { content: [{ type: 'tool_result', is_error: true, content: 'broke' }, IMAGE] },
  ])
})

test.each<[string, Part]>([
  ['chat completions', { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${DATA}` } }],
  ['Responses', { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${DATA}` }],
  ['Messages', { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: DATA } }],
  ['Gemini', { type: 'inlineData', inlineData: { mimeType: 'application/pdf', data: DATA } }],
])('a document as %s has it', async (_dialect, part) => {
  const { body } = await sent('anthropic', [asked(part)])
  const source = { type: 'base64', media_type: 'application/pdf', data: DATA }
  expect(body?.['messages']).toMatchObject([{ content: [{ type: 'document', source }] }])
})

test('pictures by address go by address, and texts of every dialect are text', async () => {
  const url = 'https://example.com/a.png'
  const parts: Part[] = [
    { type: 'image', source: { type: 'url', url } },
    { type: 'fileData', fileData: { mimeType: 'image/png', fileUri: url } },
    { type: 'input_text', text: 'a' },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'b' } },
  ]
  const image = { type: 'image_url', image_url: { url } }
  expect((await sent('endpoint', [asked(...parts)])).body?.['messages']).toMatchObject([
    { content: [image, image, { type: 'text', text: 'a' }, { type: 'text', text: 'b' }] },
  ])
})

test.each<Part>([
  { type: 'image_url', image_url: { url: 'file:///etc/passwd' } },
  { type: 'image_url', image_url: { url: 'http://[' } },
  { type: 'image', source: { type: 'file', file_id: 'f' } },
  { type: 'input_image', image_url: null, file_id: 'f' },
  { type: 'document', source: null },
  { type: 'executableCode', executableCode: { code: '1' } },
  { type: 'text', text: 7 },
])('what cannot be sent is told before any request: %j', async (part) => {
  const { body, events } = await sent('endpoint', [asked(part)])
  expect(events).toMatchObject([
    { type: 'failure', retryable: false, failure: { code: 'model.part-unsupported', where: 'm1' } },
  ])
  expect(body).toBeUndefined()
})

test('what a provider itself does not take is no reason to try again', async () => {
  const video = { type: 'inlineData', inlineData: { mimeType: 'video/mp4', data: DATA } }
  const { events } = await sent('anthropic', [asked(video)])
  expect(events).toMatchObject([
    { type: 'failure', retryable: false, failure: { kind: 'input', code: 'model.unsupported' } },
  ])
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { unwrap, type Message } from '../../../nouns/index.js'
import type { ModelEvent } from '../model.js'
import { hostedModel, type Provider } from './index.js'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})

interface Seen {
  path: string
  headers: NodeJS.Dict<string | string[]>
  body: Record<string, unknown>
}

/** A server that answers with one stream of events, written out as the provider documents it. */
async function provider(events: readonly object[], { named = false, status = 200 } = {}) {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      seen.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) as Seen['body'] })
      response.writeHead(status, { 'content-type': status === 200 ? 'text/event-stream' : 'application/json' })
      if (status !== 200) return response.end(JSON.stringify(events[0]))
      for (const event of events) {
        const name = named ? `event: ${(event as { type: string }).type}\n` : ''
        response.write(`${name}data: ${JSON.stringify(event)}\n\n`)
      }
      return response.end()
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { seen, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }
}

const KEYS = { OPENAI_API_KEY: 'k3y', ANTHROPIC_API_KEY: 'k3y', GOOGLE_GENERATIVE_AI_API_KEY: 'k3y' }

const TOOLS = [
  { name: 'bash', description: 'd', parameters: { type: 'object', properties: { command: { type: 'string' } } } },
]

const CONVERSATION: Message[] = [
  { id: 'm1', role: 'system', origin: 'agent', content: 'S' },
  { id: 'm2', role: 'user', origin: 'human', content: 'go' },
  {
    id: 'm3',
    role: 'assistant',
    origin: 'model',
    content: 'Look.',
    reasoning: { text: 'hm', kind: 'summary', signature: 'sig' },
    toolCalls: [
      { id: 'a', name: 'bash', arguments: '{"command": "ls"}' },
      { id: 'b', name: 'bash', arguments: '{"command' },
    ],
  },
  { id: 'm4', role: 'tool', origin: 'tool', toolCallId: 'a', content: 'x' },
  { id: 'm5', role: 'tool', origin: 'tool', toolCallId: 'b', content: 'bad', isError: true },
]

async function ask(name: Provider, model: string, baseUrl: string, temperature?: number): Promise<ModelEvent[]> {
  const opened = unwrap(await hostedModel({ name: `${name}:${model}`, provider: name, model, baseUrl, env: KEYS }))
  const events: ModelEvent[] = []
  const params = { maxTokens: 50, ...(temperature === undefined ? {} : { temperature }) }
  for await (const event of opened.stream({ messages: CONVERSATION, tools: TOOLS, params })) events.push(event)
  return events
}

describe('openai', () => {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'gpt-x',
    choices: [{ index: 0, delta, finish_reason }],
  })

  test('speaks chat completions; calls come and go as text', async () => {
    const { seen, baseUrl } = await provider([
      chunk({ role: 'assistant', content: 'Hi' }),
      chunk({
        tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'bash', arguments: '{"command": ' } }],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"ls' } }] }),
      chunk({}, 'tool_calls'),
      {
        id: 'c',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'gpt-x',
        choices: [],
        usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 5 } },
      },
    ])
    expect(await ask('openai', 'gpt-4.1', baseUrl, 0)).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'toolCall', id: 'c', name: 'bash', arguments: '{"command": "ls' },
      { type: 'usage', usage: { inputTokens: 9, outputTokens: 4, cachedInputTokens: 5 } },
      { type: 'stop', reason: 'tool-calls' },
    ])
    expect(seen[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer k3y' },
      body: {
        model: 'gpt-4.1',
        temperature: 0,
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'go' },
          {
            role: 'assistant',
            content: 'Look.',
            tool_calls: [
              { id: 'a', function: { name: 'bash', arguments: '{"command": "ls"}' } },
              { id: 'b', function: { name: 'bash', arguments: '{"unparsed":"{\\"command"}' } },
            ],
          },
          { role: 'tool', tool_call_id: 'a', content: 'x' },
          { role: 'tool', tool_call_id: 'b', content: 'bad' },
        ],
      },
    })
  })

  test('a parameter that the model does not take is left out with a warning', async () => {
    const { seen, baseUrl } = await provider([chunk({ content: 'Hi' }, 'stop')])
    const events = await ask('openai', 'gpt-5', baseUrl, 0)
    expect(events[0]).toMatchObject({
      type: 'warning',
      text: expect.stringContaining('temperature'),
      parameter: 'temperature',
    })
    expect(seen[0]?.body).not.toHaveProperty('temperature')
  })

  test('a refusal is a failure without the key', async () => {
    const { baseUrl } = await provider([{ error: { message: 'Incorrect API key provided' } }], { status: 401 })
    const events = await ask('openai', 'gpt-4.1', baseUrl)
    expect(events).toMatchObject([
      {
        type: 'failure',
        retryable: false,
        failure: { code: 'model.denied', remedy: 'check the key in OPENAI_API_KEY' },
      },
    ])
    expect(JSON.stringify(events)).not.toContain('k3y')
  })
})

test('anthropic speaks messages; reasoning keeps its signature, past arguments go as objects', async () => {
  const start = {
    id: 'msg',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 20, output_tokens: 1 },
  }
  const block = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block })
  const delta = (index: number, inner: object) => ({ type: 'content_block_delta', index, delta: inner })
  const stop = (index: number) => ({ type: 'content_block_stop', index })
  const { seen, baseUrl } = await provider(
    [
      { type: 'message_start', message: start },
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'S1G' }),
      stop(0),
      block(1, { type: 'text', text: '' }),
      delta(1, { type: 'text_delta', text: 'Hi' }),
      stop(1),
      block(2, { type: 'tool_use', id: 'c', name: 'bash', input: {} }),
      delta(2, { type: 'input_json_delta', partial_json: '{"command":' }),
      delta(2, { type: 'input_json_delta', partial_json: '  "ls' }),
      stop(2),
      { type: 'message_delta', delta: { stop_reason: 'max_tokens', stop_sequence: null }, usage: { output_tokens: 8 } },
      { type: 'message_stop' },
    ],
    { named: true },
  )
  const events = await ask('anthropic', 'claude-x', baseUrl)
  const reasoning = events.filter((event) => event.type === 'reasoning')
  expect(reasoning.map((event) => event.text).join('')).toBe('hm')
  expect(reasoning.map((event) => event.signature).filter((signature) => signature)).toEqual(['S1G'])
  expect(events.filter((event) => event.type !== 'reasoning' && event.type !== 'warning')).toEqual([
    { type: 'text', text: 'Hi' },
    { type: 'toolCall', id: 'c', name: 'bash', arguments: '{"command":  "ls' },
    { type: 'usage', usage: { inputTokens: 20, outputTokens: 8 } },
    { type: 'stop', reason: 'length' },
  ])
  expect(seen[0]).toMatchObject({
    path: '/v1/messages',
    headers: { 'x-api-key': 'k3y' },
    body: {
      max_tokens: 50,
      system: [{ type: 'text', text: 'S' }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'go' }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 'sig' },
            { type: 'text', text: 'Look.' },
            { type: 'tool_use', id: 'a', name: 'bash', input: { command: 'ls' } },
            { type: 'tool_use', id: 'b', name: 'bash', input: { unparsed: '{"command' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: 'x' },
            { type: 'tool_result', tool_use_id: 'b', content: 'bad', is_error: true },
          ],
        },
      ],
    },
  })
})

test('google speaks generateContent', async () => {
  const { seen, baseUrl } = await provider([
    { candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] } }] },
    {
      candidates: [
        {
          content: { role: 'model', parts: [{ functionCall: { name: 'bash', args: { command: 'ls' } } }] },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 3, totalTokenCount: 15 },
    },
  ])
  const events = (await ask('google', 'gemini-2.5-flash', baseUrl)).filter((event) => event.type !== 'warning')
  expect(events).toMatchObject([
    { type: 'text', text: 'Hi' },
    { type: 'toolCall', name: 'bash', arguments: '{"command":"ls"}' },
    { type: 'usage', usage: { inputTokens: 12, outputTokens: 3 } },
    { type: 'stop', reason: 'tool-calls' },
  ])
  expect(seen[0]?.path).toContain('/v1/models/gemini-2.5-flash:streamGenerateContent')
  expect(seen[0]?.headers['x-goog-api-key']).toBe('k3y')
})

import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { Spoken } from '../dialect.js'
import { HEAD, streamed } from '../testing/spoken.js'
import { REQUEST } from '../testing/round-trip.js'
import { chatCompletions } from './index.js'

const stream = (...chunks: readonly object[]): string =>
  [...chunks.map((one) => JSON.stringify(one)), '[DONE]'].map((data) => `data: ${data}\n\n`).join('')
const delta = (content: object, more: object = {}) => ({
  id: 'c1',
  model: 'm',
  choices: [{ index: 0, delta: content, ...more }],
})

describe('a stream of chunks', () => {
  it('puts calls together by index, also where a server repeats names or gives no index', () => {
    const call = (index: number | undefined, id: string | null, name: string, text: string) =>
      delta({ tool_calls: [{ ...(index === undefined ? {} : { index }), id, function: { name, arguments: text } }] })
    const byIndex = chatCompletions.readResponse(
      stream(call(0, 'a', 'ls', '{"p'), call(1, 'b', 'cat', ''), call(0, null, 'ls', '":1}'), call(1, null, '', '{}')),
      200,
    )
    expect(byIndex.message?.toolCalls).toEqual([
      { id: 'a', name: 'ls', arguments: '{"p":1}' },
      { id: 'b', name: 'cat', arguments: '{}' },
    ])
    const allZero = chatCompletions.readResponse(
      stream(call(0, 'a', 'ls', '{"p'), call(0, null, '', '":1}'), call(0, 'b', 'cat', '{}')),
      200,
    )
    expect(allZero.message?.toolCalls).toEqual(byIndex.message?.toolCalls)
    const without = chatCompletions.readResponse(
      stream(call(undefined, 'a', 'ls', '{}'), call(undefined, 'b', 'cat', '{"x":'), call(undefined, null, '', '1}')),
      200,
    )
    expect(without.message?.toolCalls).toEqual([
      { id: 'a', name: 'ls', arguments: '{}' },
      { id: 'b', name: 'cat', arguments: '{"x":1}' },
    ])
  })

  it.each(['reasoning_content', 'reasoning', 'thinking'])('reads %s as reasoning', (name) => {
    const read = chatCompletions.readResponse(stream(delta({ [name]: 'h' }), delta({ [name]: 'm' })), 200)
    expect(read.message?.reasoning).toEqual({ text: 'hm', kind: 'full' })
    expect(read.message?.extra).toBeUndefined()
  })

  it('keeps an id that comes with a later piece', () => {
    for (const first of [{}, { id: '' }, { id: null }]) {
      const pieces = [
        { index: 0, ...first, function: { name: 'ls', arguments: '{' } },
        { index: 0, id: 'late', function: { arguments: '}' } },
      ].map((piece) => `data: ${JSON.stringify(delta({ tool_calls: [piece] }))}\n\n`)
      const { message } = chatCompletions.readResponse(pieces.join(''), 200)
      expect(message?.toolCalls).toMatchObject([{ id: 'late', name: 'ls', arguments: '{}' }])
    }
  })

  it('keeps a refusal, usage of a chunk without choices, other choices, and the error that ends it', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 2 } }
    const read = chatCompletions.readResponse(
      stream(
        delta({ refusal: 'I ' }),
        delta({ refusal: 'will not' }, { finish_reason: 'content_filter' }),
        { choices: [{ index: 1, delta: { content: 'another' } }] },
        { choices: [], usage },
      ),
      200,
    )
    expect(read).toMatchObject({
      message: { content: '', extra: { openai: { refusal: 'I will not' } } },
      stop: 'content-filter',
      usage: { inputTokens: 3, outputTokens: 1, cachedInputTokens: 2 },
      complete: true,
      extra: { openai: { choices: [{ index: 1, delta: { content: 'another' } }] } },
    })
    const broken = chatCompletions.readResponse('data: {"error":{"type":"server_error","message":"gone"}}\n\n', 200)
    expect(broken).toEqual({ complete: true, error: 'server_error: gone' })
  })
})

describe('a document', () => {
  it('has the exact text of arguments, and says what went wrong in the server’s words', () => {
    const text = '{ "a" : 1.0 }'
    const message = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'x', type: 'function', function: { name: 'f', arguments: text } }],
    }
    const read = chatCompletions.readResponse(
      JSON.stringify({ id: 'c', model: 'm', choices: [{ message, finish_reason: 'tool_calls' }] }),
      200,
    )
    expect(read.message).toEqual({
      role: 'assistant',
      content: '',
      toolCalls: [{ id: 'x', name: 'f', arguments: text }],
    })
    expect(read.stop).toBe('tool-calls')
    expect(chatCompletions.readResponse('{"error":{"message":"slow down","type":"rate_limit"}}', 429)).toEqual({
      complete: true,
      error: 'rate_limit: slow down',
    })
    expect(chatCompletions.readResponse('<html>Bad gateway</html>', 502)).toMatchObject({
      error: '<html>Bad gateway</html>',
    })
  })
})

describe('a request', () => {
  const read = (body: object) => unwrap(chatCompletions.readRequest({ kind: 'generate' }, { model: 'm', ...body }))

  it('is read whatever an agent puts there', () => {
    const parts = [{ type: 'text', text: 'a' }, 'b', { type: 'image_url', image_url: { url: 'data:,' } }]
    const request = read({
      stream: true,
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: parts, name: 'ada' },
        {
          role: 'assistant',
          content: null,
          reasoning_content: 'hm',
          tool_calls: [{ id: 'x', type: 'function', function: { name: 'f', arguments: '{"a' } }],
        },
        { role: 'tool', tool_call_id: 'x', content: [{ type: 'text', text: 'done' }] },
        { role: 'assistant', content: 'ok', function_call: { name: 'g', arguments: '{}' } },
        { role: 'function', name: 'g', content: 'old' },
      ],
      tools: [
        { type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } },
        { type: 'custom', custom: { name: 'patch' } },
      ],
      temperature: 0,
      response_format: { type: 'json_schema', json_schema: {} },
    })
    expect(request).toEqual({
      model: 'm',
      stream: true,
      wantsSchema: true,
      params: { temperature: 0, response_format: { type: 'json_schema', json_schema: {} } },
      tools: [
        { name: 'f', parameters: { type: 'object' }, openai: { strict: true } },
        { name: 'patch', type: 'custom' },
      ],
      messages: [
        { role: 'system', content: 'Be brief.', extra: { openai: { role: 'developer' } } },
        {
          role: 'user',
          content: [parts[0], { type: 'text', text: 'b' }, parts[2]],
          extra: { openai: { name: 'ada' } },
        },
        {
          role: 'assistant',
          content: '',
          reasoning: { text: 'hm', kind: 'full' },
          toolCalls: [{ id: 'x', name: 'f', arguments: '{"a' }],
          extra: { openai: { content: null } },
        },
        { role: 'tool', content: [{ type: 'text', text: 'done' }], toolCallId: 'x' },
        { role: 'assistant', content: 'ok', toolCalls: [{ id: 'call0', name: 'g', arguments: '{}' }] },
        { role: 'tool', content: 'old', toolCallId: 'g', extra: { openai: { name: 'g', role: 'function' } } },
      ],
    })
    expect(chatCompletions.asked(request)).toEqual({
      tools: [{ name: 'f', parameters: { type: 'object' } }],
      params: { temperature: 0 },
    })
    expect(chatCompletions.unfollowed(request)).toEqual([
      'messages.1.name is not shown to the model',
      'the tool patch is no function: it is not offered',
      'response_format has no effect on this model',
    ])
  })

  it('without a conversation is refused at its place', () => {
    for (const [body, where] of [
      [[], 'body'],
      [{ messages: 'x' }, 'messages'],
      [{ messages: [{ role: 'user' }, 3] }, 'messages.1'],
    ] as const)
      expect(chatCompletions.readRequest({ kind: 'generate' }, body)).toMatchObject({ failure: { where } })
  })
})

it('OpenAI’s own client reads what is written', async () => {
  const events: Spoken[] = [
    { type: 'reasoning', text: 'hm', kind: 'full' },
    { type: 'text', text: 'Grü' },
    { type: 'text', text: 'ße' },
    { type: 'toolCall', id: 'a', name: 'ls', arguments: '{ }' },
    { type: 'usage', usage: { inputTokens: 3, outputTokens: 2, reasoningTokens: 1 } },
    { type: 'stop', reason: 'tool-calls' },
  ]
  const request = { ...REQUEST, params: { stream_options: { include_usage: true } } }
  const answer = streamed(chatCompletions.streamWriter(HEAD, request), events)
  const client = new OpenAI({
    apiKey: 'k',
    baseURL: 'http://localhost/v1',
    fetch: async () => new Response(answer, { headers: { 'content-type': 'text/event-stream' } }),
  })
  const run = client.chat.completions.stream({ model: 'm', messages: [] })
  expect((await run.finalChatCompletion()).choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: { content: 'Grüße', tool_calls: [{ id: 'a', function: { name: 'ls', arguments: '{ }' } }] },
  })
  expect(await run.totalUsage()).toMatchObject({ prompt_tokens: 3, completion_tokens: 2 })
})

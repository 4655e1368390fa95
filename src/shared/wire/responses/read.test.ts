import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { Spoken } from '../dialect.js'
import { REQUEST } from '../testing/round-trip.js'
import { HEAD, streamed } from '../testing/spoken.js'
import { responses } from './index.js'

const read = (body: object) => unwrap(responses.readRequest({ kind: 'generate' }, { model: 'm', ...body }))
const stream = (...events: readonly { type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')

describe('a request', () => {
  it('is a text, or items of which those of one response are one message', () => {
    expect(read({ input: 'hi', instructions: 'Be brief.' }).messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'hi' },
    ])
    const { messages } = read({
      input: [
        { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Rules.' }] },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'a' },
            { type: 'input_image', image_url: 'data:,' },
          ],
        },
        { type: 'reasoning', id: 'rs', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'xyz' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Look.', annotations: [] }] },
        { type: 'function_call', call_id: 'c1', name: 'ls', arguments: '{ }' },
        { type: 'custom_tool_call', call_id: 'c2', name: 'patch', input: '*** Begin' },
        { type: 'function_call_output', call_id: 'c1', output: 'a.txt' },
        { type: 'custom_tool_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'done' }] },
        { type: 'compaction', encrypted_content: 'zzz' },
      ],
    })
    expect(messages).toMatchObject([
      { role: 'system', content: 'Rules.', extra: { openai: { role: 'developer' } } },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'input_image', image_url: 'data:,' },
        ],
      },
      {
        role: 'assistant',
        content: 'Look.',
        reasoning: { text: 'Hm.', kind: 'summary', signature: 'xyz' },
        toolCalls: [
          { id: 'c1', name: 'ls', arguments: '{ }' },
          { id: 'c2', name: 'patch', arguments: '*** Begin', form: 'text' },
        ],
      },
      { role: 'tool', toolCallId: 'c1', content: 'a.txt' },
      { role: 'tool', toolCallId: 'c2', content: 'done', extra: { openai: { type: 'custom_tool_call_output' } } },
      { role: 'user', content: [{ type: 'compaction', encrypted_content: 'zzz' }] },
    ])
  })

  it('keeps what each of several thoughts has, where a message has place for one', () => {
    const thoughts = [
      { type: 'reasoning', id: 'a', summary: [{ type: 'summary_text', text: 'One.' }], encrypted_content: 'x1' },
      { type: 'reasoning', id: 'b', summary: [{ type: 'summary_text', text: 'Two.' }], encrypted_content: 'x2' },
      {
        type: 'reasoning',
        id: 'c',
        summary: [{ type: 'summary_text', text: 'S.' }],
        content: [{ type: 'reasoning_text', text: 'F.' }],
      },
    ]
    const [message] = read({ input: thoughts }).messages
    expect(message?.reasoning).toEqual({ text: 'One.\n\nTwo.\n\nF.', kind: 'summary', signature: 'x1' })
    expect(JSON.stringify(message?.extra)).toMatch(/"x2".*"S\."/)
  })

  it('names its tools wherever Codex puts them', () => {
    const ls = { type: 'function', name: 'ls', parameters: { type: 'object' }, strict: false }
    const request = read({
      input: [
        {
          type: 'additional_tools',
          role: 'developer',
          tools: [{ type: 'namespace', name: 'functions', tools: [{ type: 'custom', name: 'exec', format: {} }] }],
        },
      ],
      tools: [ls, { type: 'web_search' }],
      previous_response_id: 'r0',
      reasoning: { effort: 'low' },
      store: false,
      tool_choice: 'auto',
    })
    expect(request.messages).toEqual([])
    expect(request.tools).toEqual([
      { name: 'ls', parameters: { type: 'object' }, openai: { strict: false } },
      { name: 'web_search', type: 'web_search' },
      { name: 'exec', type: 'custom', namespace: 'functions', openai: { format: {} } },
    ])
    expect(responses.asked(request).tools).toEqual([{ name: 'ls', parameters: { type: 'object' } }])
    expect(responses.unfollowed(request)).toEqual([
      'the tool web_search is no function: it is not offered',
      'the tool exec is no function: it is not offered',
      'previous_response_id: the model sees what this request holds, and nothing before it',
      'reasoning has no effect on this model',
    ])
  })

  it('says what it goes on from, where the service holds that', () => {
    const input = 'and?'
    expect(read({ input, previous_response_id: 'r1', instructions: 'Be brief.' })).toMatchObject({
      continues: { response: 'r1' },
      hasInstructions: true,
    })
    expect(read({ input, conversation: 'c1' }).continues).toEqual({ conversation: 'c1' })
    expect(read({ input, conversation: { id: 'c1' } }).continues).toEqual({ conversation: 'c1' })
    expect(read({ input, previous_response_id: null })).not.toHaveProperty('continues')
  })

  it('without a conversation is refused at its place', () => {
    for (const [body, where] of [
      [[], 'body'],
      [{ input: 3 }, 'input'],
      [{ input: [{}, 3] }, 'input.1'],
    ] as const)
      expect(responses.readRequest({ kind: 'generate' }, body)).toMatchObject({ failure: { where } })
  })
})

describe('an answer', () => {
  it('has its items also where the last event has none, and its end', () => {
    const item = { type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: 'Hi.' }] }
    const usage = { input_tokens: 9, output_tokens: 3, input_tokens_details: { cached_tokens: 4 } }
    const whole = responses.readResponse(
      stream(
        { type: 'response.created', response: { id: 'r', model: 'm', output: [] } } as never,
        { type: 'response.output_item.done', output_index: 0, item } as never,
        {
          type: 'response.incomplete',
          response: { id: 'r', output: [], usage, incomplete_details: { reason: 'max_output_tokens' } },
        } as never,
      ),
      200,
    )
    expect(whole).toMatchObject({
      ...{ id: 'r', model: 'm', complete: true, stop: 'length', message: { content: 'Hi.' } },
      usage: { inputTokens: 9, outputTokens: 3, cachedInputTokens: 4 },
    })
  })

  it('that failed says why, in a stream and as a document', () => {
    const error = { code: 'rate_limit_exceeded', message: 'Slow down.' }
    const failedStream = stream({ type: 'response.failed', response: { id: 'r', error } } as never)
    expect(responses.readResponse(failedStream, 200)).toMatchObject({
      complete: true,
      error: 'rate_limit_exceeded: Slow down.',
    })
    expect(responses.readResponse(JSON.stringify({ error: { ...error, type: 'x' } }), 429)).toMatchObject({
      error: 'x: Slow down.',
    })
    expect(responses.readResponse(stream({ type: 'error', ...error }), 200).error).toBe(
      'rate_limit_exceeded: Slow down.',
    )
  })
})

it('OpenAI’s own client reads what is written', async () => {
  const events: Spoken[] = [
    { type: 'reasoning', text: 'hm', kind: 'summary' },
    { type: 'text', text: 'Grü' },
    { type: 'text', text: 'ße' },
    { type: 'toolCall', id: 'a', name: 'ls', arguments: '{ }' },
    { type: 'toolCall', id: 'b', name: 'patch', arguments: '*** Begin' },
    { type: 'usage', usage: { inputTokens: 3, outputTokens: 2, reasoningTokens: 1 } },
    { type: 'stop', reason: 'tool-calls' },
  ]
  const request = { ...REQUEST, tools: [{ name: 'patch', type: 'custom', namespace: 'functions' }] }
  const answer = streamed(responses.streamWriter(HEAD, request), events)
  const client = new OpenAI({
    apiKey: 'k',
    baseURL: 'http://localhost/v1',
    fetch: async () => new Response(answer, { headers: { 'content-type': 'text/event-stream' } }),
  })
  const final = await client.responses.stream({ model: 'm', input: 'hi' }).finalResponse()
  expect(final.output_text).toBe('Grüße')
  expect(final.output).toMatchObject([
    { type: 'reasoning', summary: [{ text: 'hm' }] },
    { type: 'message' },
    { type: 'function_call', call_id: 'a', arguments: '{ }' },
    { type: 'custom_tool_call', call_id: 'b', input: '*** Begin', namespace: 'functions' },
  ])
  expect(final.usage).toMatchObject({ input_tokens: 3, output_tokens: 2 })
})

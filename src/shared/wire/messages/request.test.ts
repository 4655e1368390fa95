import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { Operation } from '../dialect.js'
import { messages } from './index.js'

const GENERATE: Operation = { kind: 'generate' }
const read = (body: object) => unwrap(messages.readRequest(GENERATE, body))
const reminder = '<system-reminder>Be brief.</system-reminder>'
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }

/** What Claude Code sends, in its shape (npm @anthropic-ai/claude-code; the API reference names the fields). */
const REQUEST = {
  model: 'claude-sonnet-4-5',
  max_tokens: 32000,
  stream: true,
  temperature: 1,
  system: [
    { type: 'text', text: 'You are Claude Code.', cache_control: { type: 'ephemeral' } },
    { type: 'text', text: 'Work.' },
  ],
  messages: [
    { role: 'user', content: [{ type: 'text', text: reminder }, { type: 'text', text: 'Fix it' }, image] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Look.', signature: 'sig' },
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 't1', name: 'Read', input: { path: 'a' } },
        { type: 'tool_use', id: 't2', name: 'Bash', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't2', content: [{ type: 'text', text: 'no' }, image], is_error: true },
        { type: 'tool_result', tool_use_id: 't1', content: 'yes' },
        { type: 'text', text: 'go on', cache_control: { type: 'ephemeral' } },
      ],
    },
    { role: 'system', content: 'Stop soon.' },
    { role: 'user', content: [{ type: 'container_upload', file_id: 'f1' }] },
  ],
  tools: [
    { name: 'Read', description: 'Reads', input_schema: { type: 'object' } },
    { type: 'web_search_20250305', name: 'web_search', max_uses: 8 },
  ],
  thinking: { type: 'enabled', budget_tokens: 31999 },
  metadata: { user_id: 'user_1_account__session_2' },
}

describe('a request', () => {
  it('is read message by message, each result one of its own', () => {
    const { messages: said, tools, ...rest } = read(REQUEST)
    expect(rest).toEqual({
      model: 'claude-sonnet-4-5',
      stream: true,
      wantsSchema: false,
      params: { max_tokens: 32000, temperature: 1, thinking: REQUEST.thinking, metadata: REQUEST.metadata },
    })
    expect(said.map(({ role, toolCallId }) => (toolCallId === undefined ? role : `${role} ${toolCallId}`))).toEqual([
      ...['system', 'user', 'assistant', 'tool t2', 'tool t1', 'user', 'system', 'user'],
    ])
    expect(said[0]?.content).toEqual(REQUEST.system)
    expect(said[1]?.content).toEqual(REQUEST.messages[0]?.content)
    expect(said[2]).toMatchObject({
      content: 'I look.',
      reasoning: { text: 'Look.', kind: 'summary', signature: 'sig' },
      toolCalls: [
        { id: 't1', name: 'Read', arguments: '{"path":"a"}' },
        { id: 't2', name: 'Bash', arguments: '{}' },
      ],
    })
    expect(said[3]).toMatchObject({ isError: true, content: [{ type: 'text', text: 'no' }, image] })
    expect(said[4]).toMatchObject({ content: 'yes' })
    expect(tools).toEqual([
      { name: 'Read', description: 'Reads', parameters: { type: 'object' } },
      { name: 'web_search', anthropic: { type: 'web_search_20250305', max_uses: 8 } },
    ])
  })

  it('asks a model of ours for what it knows, and says what it does not', () => {
    const request = read({ ...REQUEST, stop_sequences: ['END'], tool_choice: { type: 'auto' }, top_k: 5 })
    expect(messages.asked(request)).toEqual({
      tools: [{ name: 'Read', description: 'Reads', parameters: { type: 'object' } }],
      params: { maxTokens: 32000, temperature: 1, stop: ['END'] },
    })
    expect(messages.unfollowed(request)).toEqual([
      "the tool web_search has no schema, as Anthropic's own tools: it is not offered",
      'thinking has no effect on this model',
      'top_k has no effect on this model',
    ])
  })

  it.each([
    { output_format: { type: 'json_schema', schema: {} } },
    { output_config: { format: { type: 'json_schema', schema: {} }, effort: 'low' } },
  ])('wants a schema: %j', (more) => {
    expect(read({ ...REQUEST, ...more }).wantsSchema).toBe(true)
  })

  it('keeps what it does not know', () => {
    const [message] = read({ messages: [{ role: 'narrator', content: 7, mood: 'calm' }] }).messages
    expect(message).toEqual({
      role: 'user',
      content: [{ type: 'unreadable', value: 7 }],
      extra: { anthropic: { blocks: ['unreadable'], rest: { mood: 'calm', role: 'narrator' } } },
    })
    expect(read({ messages: [], mcp_servers: [1], tools: [{ type: 'mcp_toolset' }] })).toMatchObject({
      params: { mcp_servers: [1] },
      tools: [{ name: 'mcp_toolset' }],
    })
  })

  it('shows arguments that are no object as the model said them, where they come back', () => {
    for (const exact of ['{"command": "ls', '7', 'ls -l']) {
      const call = { type: 'toolCall' as const, id: 't', name: 'f', arguments: exact }
      const whole = messages.wholeResponse({ id: 'x', created: 1, model: 'm' }, [call], [], read({ messages: [] }))
      const replayed = JSON.parse(JSON.stringify(whole).replace(/,"limi_arguments":"(?:[^"\\]|\\.)*"/, '')) as object
      expect(read({ messages: [replayed] }).messages[0]?.toolCalls).toEqual([{ id: 't', name: 'f', arguments: exact }])
    }
    const own = { type: 'tool_use', id: 't', name: 'f', input: { unparsed: '{"a":1}' } }
    const [message] = read({ messages: [{ role: 'assistant', content: [own] }] }).messages
    expect(message?.toolCalls?.[0]?.arguments).toBe('{"unparsed":"{\\"a\\":1}"}')
  })

  it('is refused, with its place, only where it is no conversation', () => {
    expect(messages.readRequest(GENERATE, [])).toMatchObject({
      failure: { code: 'wire.no-conversation', where: 'body' },
    })
    expect(messages.readRequest(GENERATE, { messages: {} })).toMatchObject({ failure: { where: 'messages' } })
    expect(messages.readRequest(GENERATE, { messages: [{ role: 'user' }, 'x'] })).toMatchObject({
      failure: { where: 'messages.1' },
    })
  })

  it('may hold anything', () => {
    const block = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          type: fc.constantFrom('text', 'thinking', 'tool_use', 'tool_result'),
          text: fc.jsonValue(),
          content: fc.jsonValue(),
          input: fc.jsonValue(),
          id: fc.jsonValue(),
        },
        { requiredKeys: ['type'] },
      ),
    )
    const message = fc.record({
      role: fc.constantFrom('user', 'assistant', 'system', 'x'),
      content: fc.oneof(fc.array(block), fc.jsonValue()),
    })
    const request = fc.record(
      {
        messages: fc.array(message),
        system: fc.oneof(fc.array(block), fc.jsonValue()),
        tools: fc.jsonValue(),
        model: fc.jsonValue(),
      },
      { requiredKeys: ['messages'] },
    )
    fc.assert(
      fc.property(request, (body) => {
        const wire = read(body)
        messages.asked(wire)
        messages.unfollowed(wire)
        for (const { content, toolCalls } of wire.messages) {
          expect(typeof content === 'string' || content.every((part) => typeof part.type === 'string')).toBe(true)
          expect((toolCalls ?? []).every((call) => typeof call.arguments === 'string')).toBe(true)
        }
      }),
    )
  })
})

describe('paths', () => {
  it.each([
    ['POST', '/v1/messages', { kind: 'generate' }],
    ['POST', '/v1/messages/count_tokens', { kind: 'count-tokens' }],
    ['GET', '/v1/models', { kind: 'models' }],
    ['GET', '/v1/models/claude%20x', { kind: 'models', model: 'claude x' }],
    ['GET', '/v1/messages', null],
    ['POST', '/v1/messages/batches', null],
    ['HEAD', '/', null],
  ])('%s %s', (method, path, operation) => {
    expect(messages.operation(method, path)).toEqual(operation)
  })
})

import { describe, expect, it } from 'vitest'
import { anthropicClient } from '../testing/anthropic-client.js'
import { NO_CLIENT } from '../testing/clients.js'
import { RECORDED, streamOf } from './testing/recorded.js'
import { messages } from './index.js'

const client = anthropicClient()
const title = client === null ? ` (${NO_CLIENT})` : ''
const read = (name: keyof typeof RECORDED) => messages.readResponse(streamOf(RECORDED[name]), 200)

describe('recorded streams', () => {
  it('of a call in pieces, without the last empty line', () => {
    const response = messages.readResponse(streamOf(RECORDED.toolUse).trimEnd(), 200)
    expect(response).toMatchObject({
      id: 'msg_tool',
      model: 'claude-sonnet-4-20250514',
      usage: { inputTokens: 377, outputTokens: 65, cachedInputTokens: 0 },
      stop: 'tool-calls',
      complete: true,
      message: {
        content: "I'll check the weather.",
        toolCalls: [
          {
            id: 'toolu_1',
            name: 'get_weather',
            arguments: '{"location": "Paris"}',
            extra: { anthropic: { caller: { type: 'direct' } } },
          },
        ],
      },
    })
  })

  it('of a call without arguments', () => {
    expect(read('noArguments').message?.toolCalls).toEqual([{ id: 'toolu_2', name: 'update_list', arguments: '{}' }])
  })

  it('of thinking that is a summary, with its tokens', () => {
    expect(read('summary')).toMatchObject({
      message: { reasoning: { text: "I'm working it out.", kind: 'summary', signature: 'EsEC' }, content: 'It is 21.' },
      usage: { inputTokens: 47, outputTokens: 373, reasoningTokens: 62 },
    })
  })

  it('of thinking that is left out', () => {
    expect(read('omitted').message?.reasoning).toEqual({ kind: 'hidden', signature: 'EpAC' })
  })

  it('of a search that the provider ran, with its citations', () => {
    const content = read('search').message?.content
    expect(content).toMatchObject([
      { type: 'server_tool_use', name: 'web_search', input: { query: 'limi' } },
      { type: 'web_search_tool_result', content: [{ type: 'web_search_result', title: 'T' }] },
      { type: 'text', text: 'It is so.', citations: [{ cited_text: 'so' }] },
    ])
    expect(read('search').message?.toolCalls).toBeUndefined()
  })

  it('of a model that another took over from', () => {
    expect(read('fallback')).toMatchObject({
      message: {
        reasoning: { text: 'First.\n\nSecond.', kind: 'summary', signature: 'SIG1' },
        content: [{ type: 'fallback' }],
        extra: {
          anthropic: {
            blocks: ['thinking', 'fallback', 'thinking', 'tool_use'],
            thinking: [{ length: 6 }, { length: 7 }],
          },
        },
      },
      extra: { anthropic: { usage: { iterations: [{}, {}] } } },
    })
  })

  it('with events and deltas that nobody knows yet, which are kept', () => {
    const unknown = [
      { type: 'weather', sky: 'blue' },
      { type: 'content_block_delta', index: 0, delta: { type: 'hue_delta' } },
    ]
    expect(read('unknown')).toMatchObject({ message: { content: 'Hi' }, extra: { anthropic: { unknown } } })
  })

  it('that fail on their way', () => {
    expect(read('overloaded')).toMatchObject({ complete: false, error: 'overloaded_error: Overloaded' })
  })
})

describe.skipIf(client === null)(`the official client${title}`, () => {
  const names = ['toolUse', 'noArguments', 'summary', 'omitted', 'search', 'fallback'] as const

  it.each(names)('gives the same of %s', async (name) => {
    const theirs = await client?.stream(streamOf(RECORDED[name]))
    const ours = read(name)
    const of = (type: string) => theirs?.content.filter((block) => block['type'] === type) ?? []
    expect((ours.message?.toolCalls ?? []).map((call) => JSON.parse(call.arguments) as unknown)).toEqual(
      of('tool_use').map(({ input }) => input),
    )
    expect(ours.message?.reasoning?.text ?? '').toBe(
      of('thinking')
        .map(({ thinking }) => thinking)
        .join('\n\n'),
    )
    const parts = theirs?.content.filter(({ type }) => type !== 'tool_use' && type !== 'thinking') ?? []
    const only = parts.length === 1 ? parts[0]?.['text'] : undefined
    expect(ours.message?.content).toEqual(only ?? (parts.length === 0 ? '' : parts))
    expect(ours.usage?.outputTokens).toBe(theirs?.usage['output_tokens'])
  })
})

describe('documents', () => {
  it('give a call its text to the letter', () => {
    const input = '{ "n": 1.0, "big": 12345678901234567890, "u": "\\u00e9" }'
    const body = `{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[
      {"type":"text","text":"Hm"}, {"type":"tool_use","id":"t","name":"f","input":${input}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":4}}`
    expect(messages.readResponse(body, 200).message).toMatchObject({
      content: 'Hm',
      toolCalls: [{ id: 't', name: 'f', arguments: input }],
    })
  })

  it('that are errors say so, in whatever shape', () => {
    expect(messages.readResponse('<html>Bad gateway</html>', 502)).toEqual({
      complete: true,
      error: '<html>Bad gateway</html>',
    })
    expect(messages.readResponse('{"error":{"message":"no"}}', 500)).toMatchObject({ error: 'no' })
    expect(messages.readResponse('', 200)).toEqual({ complete: false })
  })
})

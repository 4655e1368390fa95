import { describe, expect, it } from 'vitest'
import { NO_CLIENT } from '../testing/clients.js'
import { googleClient } from '../testing/google-client.js'
import { gemini } from './index.js'
import { listOf, RECORDED, streamOf, wrappedOf } from './testing/recorded.js'

const client = googleClient()
const title = client === null ? ` (${NO_CLIENT})` : ''

const THOUGHTS = {
  model: 'gemini-3-pro-preview',
  id: 'r-1',
  complete: true,
  stop: 'stop',
  usage: { inputTokens: 13114, outputTokens: 26, reasoningTokens: 17 },
  message: {
    role: 'assistant',
    content: 'I am ready.',
    reasoning: { text: '**Looking**\n\nI look around.\n\n\n', kind: 'summary' },
    extra: { gemini: { signatures: ['EogB'] } },
  },
}

describe('recorded answers', () => {
  it.each([
    ['events', streamOf(RECORDED.thoughts)],
    ['a list', listOf(RECORDED.thoughts)],
    ['events of Code Assist', streamOf(wrappedOf(RECORDED.thoughts))],
  ])('with thoughts, as %s', (_form, body) => {
    expect(gemini.readResponse(body, 200)).toMatchObject(THOUGHTS)
  })

  it('as a list that is cut give what is whole', () => {
    const list = listOf(RECORDED.thoughts)
    const cut = gemini.readResponse(list.slice(0, list.indexOf('ready')), 200)
    expect(cut).toMatchObject({ complete: false, message: { content: 'I am ' } })
    expect(gemini.readResponse(list.trimEnd().slice(0, -1), 200)).toMatchObject(THOUGHTS)
  })

  it('with a call that has a signature, and no id', () => {
    expect(gemini.readResponse(streamOf(RECORDED.call), 200)).toMatchObject({
      stop: 'tool-calls',
      message: {
        content: '',
        toolCalls: [
          { name: 'weather', arguments: '{"location":"Rome"}', extra: { gemini: { thoughtSignature: 'EpEg' } } },
        ],
      },
    })
  })

  it('with a call in pieces', () => {
    const { message, stop } = gemini.readResponse(streamOf(RECORDED.pieces), 200)
    expect(stop).toBe('tool-calls')
    expect(message?.toolCalls?.map(({ name, arguments: exact }) => [name, exact])).toEqual([
      ['cook', '{"list":[{"name":"Pasta"},{"name":"Salt"}],"n":2}'],
      ['eat', '{}'],
    ])
  })

  it('that were refused, and that the API could not read itself', () => {
    const refused = gemini.readResponse(streamOf(RECORDED.blocked), 200)
    expect(refused).toMatchObject({ complete: true, stop: 'content-filter' })
    expect(refused.message).toBeUndefined()
    expect(gemini.readResponse(streamOf(RECORDED.malformed), 200)).toMatchObject({
      complete: true,
      stop: 'other',
      extra: { gemini: { candidate: { finishMessage: 'print(f())' } } },
    })
  })

  it('give a call its text to the letter', () => {
    const args = '{ "n": 1.0, "big": 12345678901234567890 }'
    const body = `{"candidates": [{"content": {"parts": [{"text":"Hm"}, {"functionCall": {"name": "f", "args": ${args}}}], "role": "model"}, "finishReason": "STOP"}]}`
    for (const text of [body, `data: ${body}\n\n`, `[${body}]`, `{"response": ${body}}`])
      expect(gemini.readResponse(text, 200).message?.toolCalls?.[0]?.arguments).toBe(args)
  })

  it('that fail say so, in whatever shape', () => {
    const error = { error: { code: 429, message: 'Quota.', status: 'RESOURCE_EXHAUSTED', details: [] } }
    const words = 'RESOURCE_EXHAUSTED: Quota.'
    expect(gemini.readResponse(JSON.stringify(error), 429)).toMatchObject({ complete: true, error: words })
    expect(gemini.readResponse(JSON.stringify([error]), 429)).toMatchObject({ complete: true, error: words })
    const late = streamOf(RECORDED.thoughts.slice(0, 3)) + JSON.stringify(error, null, 2)
    expect(gemini.readResponse(late, 200)).toMatchObject({
      complete: false,
      error: words,
      message: { content: 'I am ' },
    })
    expect(gemini.readResponse('<html>', 502)).toEqual({ complete: true, error: '<html>' })
  })
})

describe.skipIf(client === null)(`the official client${title}`, () => {
  it.each(['thoughts', 'call', 'blocked'] as const)('gives the same of %s', async (name) => {
    const theirs = (await client?.stream(streamOf(RECORDED[name]))) ?? []
    const { message, stop } = gemini.readResponse(streamOf(RECORDED[name]), 200)
    const parts = theirs.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? [])
    const [said, thought] = [false, true].map((is) =>
      parts.map((part) => ((part.thought ?? false) === is ? (part.text ?? '') : '')).join(''),
    )
    expect([message?.content ?? '', message?.reasoning?.text ?? '']).toEqual([said, thought])
    const calls = theirs.flatMap(({ functionCalls }) => functionCalls ?? [])
    expect(message?.toolCalls?.map((call) => JSON.parse(call.arguments) as unknown) ?? []).toEqual(
      calls.map(({ args }) => args),
    )
    expect(stop === 'stop' || stop === 'tool-calls').toBe(theirs.at(-1)?.candidates?.[0]?.finishReason === 'STOP')
  })
})

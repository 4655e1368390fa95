import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Spoken } from '../dialect.js'
import { shownArguments } from '../shown-arguments.js'
import { anthropicClient } from '../testing/anthropic-client.js'
import { NO_CLIENT } from '../testing/clients.js'
import { REQUEST } from '../testing/round-trip.js'
import { HEAD, spoken, streamed, told } from '../testing/spoken.js'
import { messages } from './index.js'

const client = anthropicClient()
const title = client === null ? ` (${NO_CLIENT})` : ''

/** What the official client shows, in the terms of what was said. */
const shown = (content: readonly Readonly<Record<string, unknown>>[]) => ({
  text: content.map((block) => (block['type'] === 'text' ? block['text'] : '')).join(''),
  reasoning: content.flatMap((block) => (block['type'] === 'thinking' ? [block['thinking']] : [])).join('\n\n'),
  calls: content.flatMap(({ type, id, name, input }) => (type === 'tool_use' ? [{ id, name, input }] : [])),
})

const expected = (events: readonly Spoken[]) => {
  const { text, reasoning, calls } = told(events)
  const inputs = calls.map(({ id, name, arguments: exact }) => ({
    id,
    name,
    input: JSON.parse(shownArguments(exact)) as unknown,
  }))
  return { text, reasoning, calls: inputs }
}

describe.skipIf(client === null)(`the official client${title}`, () => {
  it('takes what is written, as a stream and whole', async () => {
    await fc.assert(
      fc.asyncProperty(spoken, async (events) => {
        const stream = await client?.stream(streamed(messages.streamWriter(HEAD, REQUEST), events))
        const whole = await client?.whole(JSON.stringify(messages.wholeResponse(HEAD, events, ['odd'], REQUEST)))
        const { inputTokens = 0, outputTokens = 0 } = events.find((event) => event.type === 'usage')?.usage ?? {}
        for (const message of [stream, whole]) {
          expect(JSON.stringify(shown(message?.content ?? []))).toBe(JSON.stringify(expected(events)))
          expect(message?.content.filter(({ text }) => text === '')).toEqual([])
          expect(message?.usage).toMatchObject({ input_tokens: inputTokens, output_tokens: outputTokens })
          expect(message).toMatchObject({ id: 'msg_x1', type: 'message', role: 'assistant', model: HEAD.model })
        }
        expect(stream?.stop_reason).toBe(whole?.stop_reason)
      }),
      { numRuns: 100 },
    )
  })

  it('keeps thoughts that are hidden, and signatures', async () => {
    const events: Spoken[] = [
      { type: 'reasoning', text: '', kind: 'hidden', signature: 'secret' },
      { type: 'reasoning', text: 'Hm.', kind: 'full' },
      { type: 'reasoning', text: '', kind: 'full', signature: 'sig' },
      { type: 'stop', reason: 'length' },
    ]
    const message = await client?.stream(streamed(messages.streamWriter(HEAD, REQUEST), events))
    expect(message).toMatchObject({
      content: [
        { type: 'redacted_thinking', data: 'secret' },
        { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
      ],
      stop_reason: 'max_tokens',
    })
  })

  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [404, 'not_found_error'],
    [429, 'rate_limit_error'],
    [503, 'overloaded_error'],
    [529, 'overloaded_error'],
    [500, 'api_error'],
  ])('knows HTTP %i as %s', async (status, type) => {
    const body = JSON.stringify(messages.problem({ status, code: 'c', message: 'No.', param: 'messages.0' }))
    const error = await client?.whole(body, status).catch((one: unknown) => one)
    expect(error).toMatchObject({ status, error: { error: { type, message: 'messages.0: No.' } } })
    expect(messages.readResponse(body, status)).toMatchObject({ complete: true, error: `${type}: messages.0: No.` })
  })

  it('throws where a stream fails on its way, and where it is cut', async () => {
    const writer = messages.streamWriter(HEAD, REQUEST)
    const begun = writer.begin() + writer.event({ type: 'text', text: 'half' })
    const failed = begun + writer.fail({ status: 529, code: 'c', message: 'Overloaded' })
    const error = await client?.stream(failed).catch((one: unknown) => one)
    expect(error).toMatchObject({ error: { error: { type: 'overloaded_error', message: 'Overloaded' } } })
    expect(messages.readResponse(failed, 200)).toMatchObject({
      message: { content: 'half' },
      complete: false,
      error: 'overloaded_error: Overloaded',
    })
    expect(await client?.stream(begun).catch(() => 'thrown')).toBe('thrown')
  })
})

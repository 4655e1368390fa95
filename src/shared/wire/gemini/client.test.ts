import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { Spoken } from '../dialect.js'
import { shownArguments } from '../shown-arguments.js'
import { NO_CLIENT } from '../testing/clients.js'
import { googleClient, type ClientResponse } from '../testing/google-client.js'
import { REQUEST } from '../testing/round-trip.js'
import { HEAD, spoken, streamed, told } from '../testing/spoken.js'
import { gemini } from './index.js'

const client = googleClient()
const title = client === null ? ` (${NO_CLIENT})` : ''

/** What the official client shows, in the terms of what was said. */
const shown = (responses: readonly ClientResponse[]) => {
  const parts = responses.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? [])
  return {
    text: responses.map((one) => one.text ?? '').join(''),
    thoughts: parts.map(({ thought, text }) => (thought === true ? text : '')).join(''),
    calls: responses.flatMap((one) => one.functionCalls ?? []).map(({ id, name, args }) => ({ id, name, args })),
  }
}

const expected = (events: readonly Spoken[]) => {
  const thoughts = events.map((event) => (event.type === 'reasoning' ? event.text : '')).join('')
  const { text, calls } = told(events)
  const values = calls.map(({ id, name, arguments: exact }) => ({
    ...{ id, name },
    args: JSON.parse(shownArguments(exact)) as unknown,
  }))
  return { text, thoughts, calls: values }
}

describe.skipIf(client === null)(`the official client${title}`, () => {
  it('takes what is written, as a stream and whole, and complains of nothing in it', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    await fc.assert(
      fc.asyncProperty(spoken, async (events) => {
        const stream = (await client?.stream(streamed(gemini.streamWriter(HEAD, REQUEST), events))) ?? []
        const document = JSON.stringify(gemini.wholeResponse(HEAD, events, ['odd'], REQUEST))
        const whole = await client?.whole(document)
        const usage = events.find((event) => event.type === 'usage')?.usage
        for (const responses of [stream, whole === undefined ? [] : [whole]]) {
          expect(JSON.stringify(shown(responses))).toBe(JSON.stringify(expected(events)))
          const last = responses.at(-1)
          expect(last?.candidates?.[0]?.finishReason).toBe('STOP')
          expect(last?.modelVersion).toBe(HEAD.model)
          expect(last?.usageMetadata?.['promptTokenCount']).toBe(usage?.inputTokens)
          expect(last?.usageMetadata?.['candidatesTokenCount']).toBe(usage?.outputTokens)
        }
      }),
      { numRuns: 50 },
    )
    expect(warn.mock.calls.filter((line) => String(line).includes('limi'))).toEqual([])
    warn.mockRestore()
  })

  it.each([400, 401, 404, 429, 500, 503])('knows HTTP %i', async (status) => {
    const body = JSON.stringify(gemini.problem({ status, code: 'c', message: 'No.', param: 'contents.0' }))
    expect(await client?.whole(body, status).catch((error: unknown) => error)).toMatchObject({
      name: 'ApiError',
      status,
    })
    expect(gemini.readResponse(body, status)).toMatchObject({
      complete: true,
      error: expect.stringContaining('contents.0: No.') as string,
    })
  })

  it('throws where a stream fails on its way', async () => {
    const writer = gemini.streamWriter(HEAD, REQUEST)
    const failed =
      writer.event({ type: 'text', text: 'half' }) + writer.fail({ status: 503, code: 'c', message: 'Busy' })
    expect(await client?.stream(failed).catch((error: unknown) => error)).toMatchObject({
      name: 'ApiError',
      status: 503,
    })
    expect(gemini.readResponse(failed, 200)).toMatchObject({
      message: { content: 'half' },
      complete: false,
      error: 'UNAVAILABLE: Busy',
    })
  })

  it.each(['checkpoint:curated', 'hub:owner/name', 'gemini-2.5-pro'])(
    'asks for %s by a path that is read',
    async (model) => {
      const asked = await client?.sends({ model, contents: 'hi' })
      expect(gemini.operation('POST', asked?.path ?? '')).toEqual({ kind: 'generate', model, stream: false })
    },
  )

  it('sends requests that are read', async () => {
    const asked = await client?.sends({
      model: 'gemini-2.5-pro',
      contents: [
        { role: 'user', parts: [{ text: 'Look' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
        {
          role: 'model',
          parts: [{ text: 'Hm', thought: true }, { functionCall: { name: 'read', args: { path: 'a' } } }],
        },
        { role: 'user', parts: [{ functionResponse: { name: 'read', response: { output: 'yes' } } }] },
      ],
      config: {
        systemInstruction: 'Be brief.',
        tools: [
          { functionDeclarations: [{ name: 'read', parametersJsonSchema: { type: 'object' } }] },
          { googleSearch: {} },
        ],
        maxOutputTokens: 9,
        responseMimeType: 'application/json',
      },
    })
    const operation = gemini.operation('POST', asked?.path ?? '')
    expect(operation).toEqual({ kind: 'generate', model: 'gemini-2.5-pro', stream: false })
    if (operation === null) return
    const request = unwrap(gemini.readRequest(operation, asked?.body))
    expect(request).toMatchObject({ model: 'gemini-2.5-pro', wantsSchema: true })
    expect(request.messages).toMatchObject([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Look' }, { type: 'inlineData' }] },
      {
        role: 'assistant',
        reasoning: { text: 'Hm', kind: 'summary' },
        toolCalls: [{ name: 'read', arguments: '{"path":"a"}' }],
      },
      { role: 'tool', content: 'yes', toolCallId: request.messages[2]?.toolCalls?.[0]?.id },
    ])
    expect(gemini.asked(request)).toEqual({
      tools: [{ name: 'read', parameters: { type: 'object' } }],
      params: { maxTokens: 9 },
    })
  })
})

import OpenAI, { APIConnectionError, BadRequestError, InternalServerError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap, type ScriptEntry } from '../../../nouns/index.js'
import { scriptedModel, type ChatModel, type ModelEvent, type ModelRequest } from '../../models/index.js'
import { serveModel, type ServedModel, type ServeModelOptions } from './index.js'

const CALLS = [
  { id: 'call_1', name: 'shell', arguments: '{ "command":  "ls" }' },
  { id: 'call_2', name: 'patch', arguments: '*** Begin Patch' },
]
const ENTRIES: readonly ScriptEntry[] = [
  { request: 'hi', replies: [{ text: 'Grüße.', reasoning: 'Hm.' }, { text: 'Again.' }] },
  { request: 'look', replies: [{ text: 'I look.', reasoning: 'Where?', toolCalls: CALLS }, { text: 'Two files.' }] },
  { request: 'busy', replies: [{ text: 'At last.', faults: [{ kind: 'status', status: 503 }] }] },
  { request: 'cut', replies: [{ text: 'one two three', faults: [{ kind: 'cut', after: 7 }] }] },
]
const TOOLS: OpenAI.Responses.Tool[] = [
  { type: 'function', name: 'shell', parameters: { type: 'object' }, strict: false },
  { type: 'custom', name: 'patch' },
]

/** A script that notes what it was asked. */
function notingModel(): ChatModel & { readonly seen: ModelRequest[] } {
  const scripted = scriptedModel('script', ENTRIES)
  const seen: ModelRequest[] = []
  return {
    ...{ name: 'script', seen },
    stream(request, signal) {
      seen.push(request)
      return scripted.stream(request, signal)
    },
  }
}

const servers: ServedModel[] = []
async function clientOf(model: ChatModel, options: ServeModelOptions = {}): Promise<OpenAI> {
  const served = unwrap(await serveModel(model, options))
  servers.push(served)
  return new OpenAI({ baseURL: served.baseUrl, apiKey: 'any', maxRetries: 0 })
}

let model: ReturnType<typeof notingModel>
let client: OpenAI
beforeAll(async () => {
  model = notingModel()
  client = await clientOf(model)
})
afterAll(() => Promise.all(servers.map((served) => served.close())))

describe("OpenAI's own client, in Responses", () => {
  test('creates: text, a summary of the reasoning, counts', async () => {
    const fresh = await clientOf(scriptedModel('script', ENTRIES))
    const response = await fresh.responses.create({ model: 'gpt-5', input: 'hi', instructions: 'Be brief.' })
    expect(response).toMatchObject({ object: 'response', status: 'completed', model: 'gpt-5', output_text: 'Grüße.' })
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message'])
    expect(JSON.stringify(response.output[0])).toContain('"Hm."')
    expect(new Set(response.output.map(({ id }) => id)).size).toBe(2)
  })

  test('streams the same as it creates, event by event, and goes on with the items', async () => {
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'look' }]
    const stream = client.responses.stream({ model: 'm', input, tools: TOOLS })
    const types: string[] = []
    const numbers: number[] = []
    let text = ''
    for await (const event of stream) {
      types.push(event.type)
      numbers.push(event.sequence_number)
      if (event.type === 'response.output_text.delta') text += event.delta
    }
    const final = await stream.finalResponse()
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed'])
    expect(numbers).toEqual(numbers.map((_, at) => at))
    expect([text, final.output_text]).toEqual(['I look.', 'I look.'])
    expect(final.output).toMatchObject([
      { type: 'reasoning' },
      { type: 'message', role: 'assistant' },
      { type: 'function_call', call_id: 'call_1', name: 'shell', arguments: CALLS[0]?.arguments },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'patch', input: CALLS[1]?.arguments },
    ])
    const next = await client.responses.create({
      ...{ model: 'm', tools: TOOLS },
      input: [
        ...input,
        ...(final.output as OpenAI.Responses.ResponseInput),
        { type: 'function_call_output', call_id: 'call_1', output: 'a b' },
        { type: 'custom_tool_call_output', call_id: 'call_2', output: 'Done' },
      ],
    })
    expect(next.output_text).toBe('Two files.')
    expect(model.seen.at(-1)?.messages).toMatchObject([
      { role: 'user', content: 'look' },
      { role: 'assistant', content: 'I look.', reasoning: { text: 'Where?' }, toolCalls: CALLS },
      { role: 'tool', toolCallId: 'call_1', content: 'a b' },
      { role: 'tool', toolCallId: 'call_2', content: 'Done' },
    ])
  })

  test('is told what has no effect, and that earlier responses are not held', async () => {
    const asked = { model: 'm', input: 'hi', previous_response_id: 'resp_1', reasoning: { effort: 'low' as const } }
    const { data, response } = await client.responses.create(asked).withResponse()
    const lines = [/previous_response_id: .* nothing before it/, /reasoning has no effect/]
    for (const line of lines) {
      expect(response.headers.get('x-limi-warning')).toMatch(line)
      expect(data).toMatchObject({ limi_warnings: expect.arrayContaining([expect.stringMatching(line)]) })
    }
  })

  test('gets its typed errors: no conversation, a busy server, a broken connection, a failure on the way', async () => {
    const wrong = await client.responses.create({ model: 'm', input: 3 as never }).catch((error: unknown) => error)
    expect([wrong instanceof BadRequestError, (wrong as BadRequestError).param]).toEqual([true, 'input'])
    const busy = await client.responses.create({ model: 'm', input: 'busy' }).catch((error: unknown) => error)
    expect([busy instanceof InternalServerError, (busy as InternalServerError).status]).toEqual([true, 503])
    const gone = await client.responses.create({ model: 'm', input: 'cut' }).catch((error: unknown) => error)
    expect(gone).toBeInstanceOf(APIConnectionError)
    const dying = await clientOf({ name: 'dying', stream: halfAnswer })
    const events = await dying.responses.create({ model: 'm', input: 'x', stream: true })
    let last: OpenAI.Responses.ResponseStreamEvent | undefined
    for await (const event of events) last = event
    expect(last).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server.died', message: 'it ended' } },
    })
  })

  test('that goes away ends the model’s work', async () => {
    let signal: AbortSignal | undefined
    const slow = await clientOf({
      name: 'slow',
      async *stream(_, given): AsyncGenerator<ModelEvent> {
        signal = given
        yield { type: 'text', text: 'one' }
        await new Promise((resolve) => given?.addEventListener('abort', resolve))
      },
    })
    const events = await slow.responses.create({ model: 'm', input: 'x', stream: true })
    for await (const event of events) if (event.type === 'response.output_text.delta') events.controller.abort()
    await expect.poll(() => signal?.aborted).toBe(true)
  })
})

async function* halfAnswer(): AsyncGenerator<ModelEvent> {
  yield { type: 'text', text: 'half' }
  yield {
    type: 'failure',
    retryable: false,
    failure: { kind: 'underway', code: 'server.died', message: 'it ended' },
  }
}

import OpenAI, { AuthenticationError, BadRequestError, InternalServerError, NotFoundError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap, type ScriptEntry } from '../../../nouns/index.js'
import { scriptedModel, type ChatModel, type ModelEvent, type ModelRequest } from '../../models/index.js'
import { dialectOf, readAnswers } from '../../models/tool-calls/index.js'
import { serveModel, type ServedModel, type ServeModelOptions } from './index.js'

const TOOL = { type: 'function', function: { name: 'bash', parameters: { type: 'object' } } } as const
const ARGUMENTS = '{"command":  "ls -l"}'
const RAW = `<think>\nhm\n</think>\n\nI look.\n<tool_call>\n{"name": "bash", "arguments": ${ARGUMENTS}}\n</tool_call>`

const ENTRIES: ScriptEntry[] = [
  { request: 'hi', replies: [{ text: 'Grüße' }, { text: 'again' }] },
  { request: 'look', replies: [{ text: RAW }] },
  { request: 'wait', replies: [{ text: 'late', delayMs: 60_000 }] },
]

const QWEN = '{% if tools %}<tool_call>{"name": 1, "arguments": 2}</tool_call>{% endif %}'

/** A model as it is behind `limi serve`: raw text, read by its family's format; it notes who went away. */
function rawModel(template: string): ChatModel & { readonly seen: { tools: number; aborted: number } } {
  const scripted = scriptedModel('checkpoint:a/b', ENTRIES)
  const seen = { tools: 0, aborted: 0 }
  const noting: ChatModel = {
    name: scripted.name,
    stream(request: ModelRequest, signal?: AbortSignal): AsyncIterable<ModelEvent> {
      seen.tools = request.tools.length
      signal?.addEventListener('abort', () => (seen.aborted += 1))
      return scripted.stream(request, signal)
    },
  }
  return { ...readAnswers(noting, dialectOf(template)), seen }
}

const model = rawModel(QWEN)
const failing: ChatModel = {
  name: 'failing',
  async *stream(): AsyncGenerator<ModelEvent> {
    const message = "This model's maximum context length is 8 tokens. However, your messages resulted in 9 tokens."
    const failure = { kind: 'input' as const, code: 'model.context-exceeded', message: `${message} (HTTP 400)` }
    yield { type: 'failure', retryable: false, failure }
  },
}

const servers: ServedModel[] = []
async function clientOf(of: ChatModel, options: ServeModelOptions = {}, apiKey = 'any'): Promise<OpenAI> {
  const served = unwrap(await serveModel(of, options))
  servers.push(served)
  return new OpenAI({ baseURL: served.baseUrl, apiKey, maxRetries: 0 })
}

let client: OpenAI
beforeAll(async () => void (client = await clientOf(model)))
afterAll(() => Promise.all(servers.map((served) => served.close())))

const asking = (content: string) => ({ model: 'checkpoint:a/b', messages: [{ role: 'user' as const, content }] })
const refusalOf = (more: object) =>
  client.chat.completions.create({ ...asking('hi'), ...more }).catch((error: unknown) => error)

describe("OpenAI's own client", () => {
  test('lists and fetches the model', async () => {
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['checkpoint:a/b'])
    expect((await client.models.retrieve('checkpoint:a/b')).owned_by).toBe('limi')
    await expect(client.models.retrieve('other')).rejects.toBeInstanceOf(NotFoundError)
  })

  test('chats, several at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        client.chat.completions.create({ ...asking('hi'), temperature: 0.5, stop: ['never'] }),
      ),
    )
    expect(new Set(answers.map(({ choices }) => choices[0]?.message.content))).toEqual(new Set(['Grüße']))
  })

  test('gets tool calls whole', async () => {
    const answer = await client.chat.completions.create({ ...asking('look'), tools: [TOOL] })
    const [choice] = answer.choices
    expect(choice?.finish_reason).toBe('tool_calls')
    expect(choice?.message).toMatchObject({
      content: 'I look.',
      reasoning_content: 'hm',
      tool_calls: [{ type: 'function', function: { name: 'bash', arguments: ARGUMENTS } }],
      limi_raw: RAW,
    })
  })

  test('gathers the same from a stream, and can go on with it', async () => {
    const stream = client.chat.completions.stream({ ...asking('look'), tools: [TOOL] })
    const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0]!
    expect([finish_reason, message.content, message.tool_calls?.[0]?.type]).toEqual([
      'tool_calls',
      'I look.',
      'function',
    ])
    expect(message.tool_calls?.[0]).toMatchObject({ function: { name: 'bash', arguments: ARGUMENTS } })
    const result = { role: 'tool' as const, tool_call_id: message.tool_calls?.[0]?.id ?? '', content: 'a\n' }
    const messages = [{ role: 'user' as const, content: 'hi' }, message, result]
    const next = await client.chat.completions.create({ model: 'checkpoint:a/b', messages, tools: [TOOL] })
    expect(next.choices[0]?.message.content).toBe('again')
  })

  test('is told of tools that a template does not take, in a header and in the body', async () => {
    const plain = rawModel('{{ messages }} {# tools #}')
    const other = await clientOf(plain)
    const asked = other.chat.completions.create({ ...asking('hi'), tools: [TOOL] })
    const { data, response } = await asked.withResponse()
    expect(plain.seen.tools).toBe(0)
    expect(response.headers.get('x-limi-warning')).toMatch(/no place for tools: left out bash/)
    expect(data).toMatchObject({ limi_warnings: [expect.stringMatching(/left out bash/)] })
    const streamed = await other.chat.completions
      .create({ ...asking('hi'), tools: [TOOL], stream: true })
      .withResponse()
    expect(streamed.response.headers.get('x-limi-warning')).toMatch(/left out bash/)
    streamed.data.controller.abort()
  })

  test.each([
    [{ logprobs: true }, 'logprobs', 'checkpoint:a/b, as limi serves it, gives no log probabilities'],
    [{ n: 2 }, 'n', 'gives one answer a request'],
    [{ logit_bias: { 5: 1 } }, 'logit_bias', 'no effect on checkpoint:a/b'],
    [{ response_format: { type: 'json_object' } }, 'response_format.type', 'cannot be held to a format'],
    [{ tool_choice: 'required' }, 'tool_choice', 'chooses by itself'],
    [{ top_p: 0.5 }, 'top_p', 'samples by temperature alone'],
    [{ store: true }, 'store', 'not recorded'],
    [{ stop: 5 }, 'stop', 'a text or a list of texts'],
    [{ messages: [{ role: 'wizard', content: 'x' }] }, 'messages.0.role', 'system, developer, user, assistant or tool'],
    [{ messages: [{ role: 'user', content: 'a \ud800 b' }] }, 'messages.0.content', 'half of a surrogate pair'],
  ])('is refused %j by name, in plain words', async (more, param, words) => {
    const error = await refusalOf(more)
    expect(error).toBeInstanceOf(BadRequestError)
    expect((error as BadRequestError).param).toBe(param)
    expect((error as BadRequestError).message).toContain(words)
    expect((error as BadRequestError).message).not.toMatch(/expected|Invalid input/)
  })

  test('is refused by name what the model behind does not take, as soon as that says so', async () => {
    const stopped: unknown[] = []
    const seedless: ChatModel = {
      name: 'seedless',
      async *stream(_, signal): AsyncGenerator<ModelEvent> {
        yield { type: 'warning', text: 'unsupported: seed', parameter: 'seed' }
        stopped.push(signal?.aborted)
        yield { type: 'text', text: 'never' }
      },
    }
    const other = await clientOf(seedless)
    for (const stream of [true, false]) {
      const asked = { ...asking('hi'), model: 'seedless', stream, stop: 'x' }
      const error = await other.chat.completions.create(asked).catch((one: unknown) => one)
      expect(error).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'seed' })
    }
    expect(stopped).toEqual([])
  })

  test('gets its typed errors: no such model, no context left, no key, a dead server', async () => {
    const missing = await refusalOf({ model: 'gpt-4o' })
    expect([missing instanceof NotFoundError, (missing as NotFoundError).code]).toEqual([true, 'model_not_found'])
    const full = await clientOf(failing)
    const error = await full.chat.completions.create({ ...asking('hi'), model: 'failing' }).catch((one: unknown) => one)
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ code: 'context_length_exceeded', param: 'messages', type: 'invalid_request_error' })
    expect((error as Error).message).toMatch(/maximum context length is 8 tokens\. .*resulted in 9 tokens\.$/)
    const guarded = await clientOf(model, { apiKey: 'secret' }, 'wrong')
    await expect(guarded.models.list()).rejects.toBeInstanceOf(AuthenticationError)
    const dead: ChatModel = { ...failing, stream: deadStream }
    const gone = await clientOf(dead)
    const died = await gone.chat.completions.create({ ...asking('hi'), model: 'failing' }).catch((one: unknown) => one)
    expect([died instanceof InternalServerError, (died as InternalServerError).status]).toEqual([true, 502])
  })

  test.each([true, false])('that goes away ends the model’s work (stream: %s)', async (stream) => {
    const before = model.seen.aborted
    const signal = AbortSignal.timeout(150)
    await expect(client.chat.completions.create({ ...asking('wait'), stream }, { signal })).rejects.toThrow()
    await expect.poll(() => model.seen.aborted).toBeGreaterThan(before)
  })
})

async function* deadStream(): AsyncGenerator<ModelEvent> {
  const failure = { kind: 'underway' as const, code: 'server.died', message: 'the model server ended; it last said: x' }
  yield { type: 'failure', retryable: false, failure }
}

describe('who may ask', () => {
  test('other machines only with a key', async () => {
    expect(await serveModel(model, { host: '0.0.0.0' })).toMatchObject({ ok: false, failure: { code: 'serve.open' } })
    const open = unwrap(await serveModel(model, { host: '0.0.0.0', apiKey: 'k' }))
    servers.push(open)
    const at = (key: string) => fetch(`${open.baseUrl}/models`, { headers: { authorization: `Bearer ${key}` } })
    expect([(await at('k')).status, (await at('x')).status]).toEqual([200, 401])
  })

  test('pages of other hosts do not', async () => {
    const url = `${servers[0]?.baseUrl ?? ''}/models`
    const from = async (origin: string) => (await fetch(url, { headers: { origin } })).status
    expect([await from('https://evil.example'), await from('null'), await from('http://localhost:3000')]).toEqual([
      403, 403, 200,
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { Operation } from '../dialect.js'
import { gemini } from './index.js'

const GENERATE: Operation = { kind: 'generate', model: 'gemini-2.5-pro', stream: true }
const read = (body: object) => unwrap(gemini.readRequest(GENERATE, body))
const call = (name: string, args: object, id?: string) => ({
  functionCall: { ...(id === undefined ? {} : { id }), name, args },
})
const result = (name: string, output: string, id?: string) => ({
  functionResponse: { ...(id === undefined ? {} : { id }), name, response: { output } },
})

/** What Gemini CLI sends after a login, in its shape (google-gemini/gemini-cli, code_assist/converter.ts). */
const WRAPPED = {
  model: 'gemini-2.5-pro',
  project: 'p-1',
  user_prompt_id: 'u-1',
  request: {
    contents: [
      { role: 'user', parts: [{ text: 'go' }] },
      {
        role: 'model',
        parts: [{ text: 'I think.\n[Thought: true]' }, call('ls', {}), call('cat', { f: 1 }), call('cat', { f: 2 })],
      },
      {
        role: 'user',
        parts: [result('cat', 'first', 'cat-123'), result('cat', 'second', 'cat-124'), result('ls', 'files', 'ls-122')],
      },
    ],
    systemInstruction: { role: 'user', parts: [{ text: 'You are Gemini CLI.' }] },
    tools: [{ functionDeclarations: [{ name: 'ls', parametersJsonSchema: { type: 'object' } }] }],
    generationConfig: {
      temperature: 1,
      topP: 0.95,
      topK: 64,
      maxOutputTokens: 100,
      thinkingConfig: { includeThoughts: true },
    },
    session_id: 's-1',
  },
}

describe('a request', () => {
  it('of Code Assist is read out of its wrapping, results tied to calls by name and order', () => {
    const request = read(WRAPPED)
    expect(request).toMatchObject({ model: 'gemini-2.5-pro', stream: true, wantsSchema: false })
    expect(request.params).toMatchObject({ project: 'p-1', user_prompt_id: 'u-1', request: { session_id: 's-1' } })
    const [system, user, answer, ...results] = request.messages
    expect([system?.content, user?.content]).toEqual(['You are Gemini CLI.', 'go'])
    expect(answer?.reasoning).toEqual({ text: 'I think.', kind: 'summary' })
    const ids = (answer?.toolCalls ?? []).map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
    expect(results.map(({ content, toolCallId }) => [content, toolCallId])).toEqual([
      ['first', ids[1]],
      ['second', ids[2]],
      ['files', ids[0]],
    ])
    expect(results[0]?.extra).toEqual({ gemini: { name: 'cat', id: 'cat-123' } })
    expect(gemini.asked(request)).toEqual({
      tools: [{ name: 'ls', parameters: { type: 'object' } }],
      params: { maxTokens: 100, temperature: 1 },
    })
    expect(gemini.unfollowed(request)).toEqual([
      'generationConfig.topP has no effect on this model',
      'generationConfig.topK has no effect on this model',
      'generationConfig.thinkingConfig has no effect on this model',
    ])
  })

  it('gives a call without an id the one that its response had', () => {
    const body = {
      candidates: [
        { content: { role: 'model', parts: [call('cat', { f: 1 }), call('cat', { f: 1 })] }, finishReason: 'STOP' },
      ],
    }
    const said = gemini.readResponse(JSON.stringify(body), 200).message?.toolCalls?.map(({ id }) => id)
    const replayed = read({ contents: [body.candidates[0]?.content] }).messages[0]?.toolCalls?.map(({ id }) => id)
    expect(said).toEqual(replayed)
    expect(new Set(said).size).toBe(2)
  })

  it('ties a result to the call that waits, where the same call was made before', () => {
    const turn = [
      { role: 'model', parts: [call('ls', {})] },
      { role: 'user', parts: [result('ls', 'x', 'own')] },
    ]
    const [first, , second, again] = read({ contents: [...turn, ...turn] }).messages
    expect(again?.toolCallId).toBe(second?.toolCalls?.[0]?.id)
    expect(second?.toolCalls?.[0]?.id).toBe(first?.toolCalls?.[0]?.id)
  })

  it('gives no call two results', () => {
    const calls = { role: 'model', parts: [call('cat', { f: 1 }, '1'), call('cat', { f: 2 }, '2')] }
    const results = { role: 'user', parts: [result('cat', 'one', '1'), result('cat', 'two'), result('cat', 'three')] }
    const [, ...answers] = read({ contents: [calls, results] }).messages
    expect(answers.map(({ toolCallId }) => toolCallId)).toEqual(['1', '2', undefined])
  })

  it('is the same in snake case', () => {
    const camelCase = {
      contents: [
        { role: 'model', parts: [{ functionCall: { name: 'f', args: { a_b: 1 } }, thoughtSignature: 's' }] },
        {
          role: 'user',
          parts: [
            { functionResponse: { name: 'f', response: { output: 'o' } } },
            { inlineData: { mimeType: 'image/png', data: 'A' } },
            { fileData: { fileUri: 'u' } },
          ],
        },
      ],
      systemInstruction: { parts: [{ text: 's' }] },
      tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object' } }] }],
      generationConfig: { maxOutputTokens: 5, stopSequences: ['x'], responseJsonSchema: {} },
    }
    const snake = {
      contents: [
        { role: 'model', parts: [{ function_call: { name: 'f', args: { a_b: 1 } }, thought_signature: 's' }] },
        {
          role: 'user',
          parts: [
            { function_response: { name: 'f', response: { output: 'o' } } },
            { inline_data: { mime_type: 'image/png', data: 'A' } },
            { file_data: { file_uri: 'u' } },
          ],
        },
      ],
      system_instruction: { parts: [{ text: 's' }] },
      tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: { type: 'object' } }] }],
      generation_config: { max_output_tokens: 5, stop_sequences: ['x'], response_json_schema: {} },
    }
    const [one, other] = [read(camelCase), read(snake)]
    expect(other.messages).toEqual(one.messages)
    expect(other.tools).toEqual(one.tools)
    expect(gemini.asked(other)).toEqual(gemini.asked(one))
    expect([one.wantsSchema, other.wantsSchema]).toEqual([true, true])
    expect(one.messages.map(({ role }) => role)).toEqual(['system', 'assistant', 'tool', 'user'])
  })

  it('has types of its own schemas in small letters, and says which tools Google runs', () => {
    const parameters = {
      type: 'OBJECT',
      properties: { type: { type: 'STRING' }, list: { type: 'ARRAY', items: { type: 'INTEGER' } } },
    }
    const request = read({
      contents: 'hi',
      tools: [{ functionDeclarations: [{ name: 'f', description: 'd', parameters }] }, { codeExecution: {} }],
    })
    expect(request.tools).toEqual([
      {
        ...{ name: 'f', description: 'd' },
        parameters: {
          type: 'object',
          properties: { type: { type: 'string' }, list: { type: 'array', items: { type: 'integer' } } },
        },
      },
      { name: 'codeExecution', gemini: { codeExecution: {} } },
    ])
    expect(gemini.asked(request).tools.map(({ name }) => name)).toEqual(['f'])
    expect(gemini.unfollowed(request)).toEqual(['the tool codeExecution is one that Google runs: it is not offered'])
  })

  it('shows what a result holds beside its text', () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'A' } }
    const response = { functionResponse: { id: '1', name: 'f', response: { output: 'seen' }, parts: [image] } }
    const [message] = read({ contents: [{ role: 'user', parts: [response] }] }).messages
    expect(message?.content).toEqual([
      { type: 'text', text: 'seen' },
      { type: 'inlineData', ...image },
    ])
  })

  it('is refused only where it is no conversation, and may hold anything', () => {
    expect(gemini.readRequest(GENERATE, 1)).toMatchObject({ failure: { where: 'body' } })
    expect(gemini.readRequest(GENERATE, {})).toMatchObject({
      failure: { code: 'wire.no-conversation', where: 'contents' },
    })
    const keys = fc.constantFrom(
      'text',
      'thought',
      'functionCall',
      'function_response',
      'thoughtSignature',
      'inlineData',
      'x',
    )
    const part = fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue()))
    const content = fc.oneof(
      fc.jsonValue(),
      fc.record({ role: fc.constantFrom('user', 'model', 'x'), parts: fc.array(part) }),
    )
    const body = fc.record({
      contents: fc.array(content),
      tools: fc.jsonValue(),
      systemInstruction: part,
      generationConfig: fc.jsonValue(),
    })
    fc.assert(
      fc.property(body, (one) => {
        const request = read(one)
        gemini.asked(request)
        gemini.unfollowed(request)
        for (const { content: said, toolCalls } of request.messages) {
          expect(typeof said === 'string' || said.every(({ type }) => typeof type === 'string')).toBe(true)
          expect(
            (toolCalls ?? []).every((made) => typeof made.arguments === 'string' && typeof made.name === 'string'),
          ).toBe(true)
        }
      }),
    )
  })
})

describe('paths', () => {
  it.each([
    [
      'POST',
      '/v1beta/models/gemini-2.5-pro:generateContent',
      { kind: 'generate', model: 'gemini-2.5-pro', stream: false },
    ],
    [
      'POST',
      '/v1beta/models/gemini-2.5-pro:streamGenerateContent',
      { kind: 'generate', model: 'gemini-2.5-pro', stream: true },
    ],
    ['POST', '/v1internal:streamGenerateContent', { kind: 'generate', stream: true }],
    ['POST', '/v1internal:loadCodeAssist', null],
    [
      'POST',
      '/v1beta1/projects/p/locations/l/publishers/google/models/m:countTokens',
      { kind: 'count-tokens', model: 'm' },
    ],
    ['POST', '/v1beta/models/hub:a/b:generateContent', { kind: 'generate', model: 'hub:a/b', stream: false }],
    ['GET', '/v1beta/models', { kind: 'models' }],
    ['GET', '/v1beta/models/m', { kind: 'models', model: 'm' }],
    ['GET', '/v1/models', null],
    ['POST', '/v1/messages', null],
  ])('%s %s', (method, path, operation) => {
    expect(gemini.operation(method, path)).toEqual(operation)
  })
})

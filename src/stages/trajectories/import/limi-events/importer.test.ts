import { beforeEach, describe, expect, it } from 'vitest'
import {
  asked,
  call,
  freshFolder,
  log,
  looked,
  model,
  read,
  report,
  request,
  response,
  said,
  thanked,
  user,
} from './testing/logs.js'

beforeEach(freshFolder)

describe('LIMI event logs', () => {
  it('makes each message once, the last answer from its response', async () => {
    const { trajectory, report: given } = await read([
      request(asked),
      response(call('c1', 'list', { path: '.' })),
      { type: 'tool_call', data: { function_name: 'list', success: true } },
      request(looked),
      response(model('a.txt')),
    ])
    expect(given.imported[0]).toMatchObject({ format: 'limi-events', messages: 5, toolCalls: 1, threads: 1 })
    expect(given.imported[0]?.oddities).toEqual({ 'arguments-not-text': 1 })
    expect(said(trajectory.threads[0]?.messages ?? [])).toEqual([
      'system/agent: Be brief.',
      'user/human: What is here?',
      'assistant/model: I look. list{"path":"."}',
      'tool/tool: a.txt',
      'assistant/model: a.txt',
    ])
    const answer = trajectory.threads[0]?.messages[2]
    expect(answer?.call).toMatchObject({
      model: 'glm-4.5',
      stop: 'tool-calls',
      durationMs: 7,
      usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 2, reasoningTokens: 1 },
    })
    expect(Object.keys(trajectory.tools)).toEqual([answer?.call?.tools])
    expect(trajectory.created).toBe('2025-09-01T00:00:00Z')
    expect(trajectory.extra?.['limiEvents']).toMatchObject({ id: 's1', note: 'kept' })
  })

  it('takes an answer from the next request where the log has no response, and reads a response as text and in chunks', async () => {
    const chunks = [model('a.'), model('txt')].map((content) => ({ candidates: [{ content }] }))
    const { trajectory } = await read([
      request(asked),
      request(looked),
      { type: 'api_response', data: { response_text: JSON.stringify(chunks) } },
      request(thanked),
      { type: 'api_response', data: { response_text: 'Nothing.' } },
    ])
    expect(said(trajectory.threads[0]?.messages ?? []).slice(2)).toEqual([
      'assistant/model: I look. list{"path":"."}',
      'tool/tool: a.txt',
      'assistant/model: a.txt',
      'user/human: Thanks. And up?',
      'assistant/model: Nothing.',
    ])
    expect(trajectory.threads[0]?.messages.filter((one) => one.origin === 'model').every((one) => one.call)).toBe(true)
  })

  it('keeps the model’s own words where the history changed them', async () => {
    const { trajectory, report: given } = await read([
      request(asked),
      response(model('The real answer')),
      request([...asked, model('An edited answer'), user('Go on')]),
    ])
    const [, , answer] = trajectory.threads[0]?.messages ?? []
    expect(answer).toMatchObject({
      content: 'The real answer',
      extra: { limiEvents: { shown: model('An edited answer') } },
    })
    expect(given.imported[0]?.oddities['answer-shown-otherwise']).toBe(1)
  })

  it('puts failed attempts, answers that were dropped and side calls beside the thread', async () => {
    const side = request([...looked, user('Who speaks next?')], { tools: undefined })
    const { trajectory } = await read([
      request(asked),
      { type: 'api_error', data: { error: 'overloaded' } },
      request(asked),
      response(model('a first try')),
      request(asked),
      response(call('c1', 'list', { path: '.' })),
      request(looked),
      response(model('a.txt')),
      side,
      response(model('{"next":"user"}')),
      request(thanked),
    ])
    expect(trajectory.threads).toHaveLength(1)
    expect(trajectory.asides.map(({ why, messages }) => [why, ...said(messages)])).toEqual([
      ['a failed attempt'],
      ['an answer that did not enter the history', 'assistant/model: a first try'],
      ['a side call', 'user/human: Who speaks next?', 'assistant/model: {"next":"user"}'],
      ['a request without an answer'],
    ])
    expect(said(trajectory.threads[0]?.messages ?? []).slice(-2)).toEqual([
      'assistant/model: a.txt',
      'user/human: Thanks. And up?',
    ])
  })

  it('opens a thread for a compaction, an edit and a sub-agent', async () => {
    const compacted = [user('<state_snapshot>files: a.txt</state_snapshot>'), model('Got it.'), user('And up?')]
    const { trajectory } = await read([
      request(asked),
      response(call('c1', 'list', { path: '.' })),
      request([user('Count the files')], { system_instruction: 'You count.' }),
      response(model('1')),
      request(looked),
      response(model('a.txt')),
      request([...asked.slice(0, 0), ...looked.slice(0, 1), ...compacted]),
      response(model('..')),
      request([user('What is here?'), user('Only hidden ones?')]),
      response(model('none')),
    ])
    const [main, counter, compaction, edit] = trajectory.threads
    expect(said(main?.messages ?? []).at(-1)).toBe('assistant/model: a.txt')
    expect(counter?.parent).toEqual({ thread: 'main', message: main?.messages[2]?.id, relation: 'subagent' })
    expect(said(counter?.messages ?? [])).toEqual([
      'system/agent: You count.',
      'user/human: Count the files',
      'assistant/model: 1',
    ])
    expect(compaction?.parent).toEqual({ thread: 'main', message: main?.messages.at(-1)?.id, relation: 'compaction' })
    expect(compaction?.messages.map((one) => one.origin)).toEqual([
      'rebuilt',
      'rebuilt',
      'rebuilt',
      'rebuilt',
      'human',
      'model',
    ])
    expect(edit?.parent?.relation).toBe('edit')
    expect(said(edit?.messages ?? [])).toEqual(['user/human: Only hidden ones?', 'assistant/model: none'])
  })

  it('ties results to calls that the API gave no id, by function and order', async () => {
    const calls = {
      role: 'model',
      parts: ['x', 'y'].map((one) => ({ functionCall: { name: 'list', args: { path: one } } })),
    }
    const results = {
      role: 'user',
      parts: ['1', '2'].map((output) => ({ functionResponse: { name: 'list', response: { output } } })),
    }
    const { trajectory, report: given } = await read([request(asked), request([...asked, calls, results])])
    const [, , answer, ...rest] = trajectory.threads[0]?.messages ?? []
    expect(rest.map((one) => one.toolCallId)).toEqual(answer?.toolCalls?.map((one) => one.id))
    expect(given.imported[0]?.oddities).toMatchObject({ 'missing-call-id': 2 })
    expect(given.imported[0]?.oddities).not.toHaveProperty('orphaned-result')
  })

  it('loses no leaf of the source', async () => {
    const events = [
      { type: 'user_prompt', data: { prompt: 'What is here?', prompt_length: 13 } },
      request(looked.slice(0, 1), { generation_config: { temperature: 0.5 } }, { prompt_id: 'p1', timestamp: 'T1' }),
      response({
        role: 'model',
        parts: [
          { text: 'hm', thought: true, thoughtSignature: 'sig' },
          { functionCall: { id: 'c1', name: 'list', args: { path: '.', deep: [1, 2] } }, thoughtSignature: 'sig2' },
        ],
      }),
      request([
        ...asked,
        { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'list', args: { path: '.', deep: [1, 2] } } }] },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'c1', name: 'list', response: { error: 'no such folder', code: 2 } } },
            { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
          ],
          tokens: 3,
        },
      ]),
      { type: 'api_error', data: { error: 'overloaded', status_code: 529 } },
      { type: 'session_end', data: { reason: 'quit' } },
    ]
    const { trajectory } = await read(events)
    const kept = JSON.stringify(trajectory)
    const missing = leavesOf(log(events)).filter((leaf) => !kept.includes(JSON.stringify(String(leaf)).slice(1, -1)))
    // Of the envelope only: the kinds of the requests' contents became roles.
    expect(missing).toEqual([])
    expect(trajectory.threads[0]?.messages.find((one) => one.role === 'tool')).toMatchObject({
      isError: true,
      content: 'no such folder',
    })
  })

  it('rejects a cut, malformed or empty log with its place, and nothing is stored', async () => {
    const whole = JSON.stringify(log([request(asked), request(looked)]))
    for (const bad of [
      whole.slice(0, -30),
      whole.replace('"role":"model"', '"role":7'),
      whole.replace('"text"', 'text'),
    ]) {
      const given = await report(bad)
      expect(given.imported).toEqual([])
      expect(given.rejected[0]?.error).toMatch(/log\.json:\d+:\d+/)
    }
    const none = await report({ id: 'x', events: [{ type: 'note', data: { full_request: {} } }] })
    expect(none.rejected[0]?.error).toContain('no request')
    expect((await report({ name: 'a package', events: [] })).rejected[0]?.error).toContain('no known format')
  })
})

describe('fields of a log besides its events', () => {
  it('are read in time that grows with them, and only so many', async () => {
    const notes = Array.from({ length: 40_000 }, (_, at) => at)
    const began = performance.now()
    const given = await report({ ...log([request(asked), response(model('a'))]), notes })
    expect(performance.now() - began).toBeLessThan(5000)
    expect(given.rejected).toEqual([])
    const file = { ...log([request(asked)]), more: Array.from({ length: 9 }, () => 'x'.repeat(999)) }
    expect((await report(file, 'log.json', 5000)).rejected[0]?.error).toContain('import.too-large')
  })
})

function leavesOf(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') return [value]
  return Object.values(value).flatMap(leavesOf)
}

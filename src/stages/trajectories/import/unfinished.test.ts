import { expect, it } from 'vitest'
import { line as claude, results } from '../../../../test/support/claude-code-session.js'
import { event, meta, said as codex, tokens } from '../../../../test/support/codex-rollout.js'
import { importBench } from '../../../../test/support/import-bench.js'

const answer = (uuid: string, parent: string, content: object[], more: object = {}): object => ({
  ...claude('assistant', uuid, parent, []),
  message: { id: `m-${uuid}`, role: 'assistant', model: 'claude-sonnet-4-5', stop_reason: null, content, ...more },
})
const text = (said: string): object => ({ type: 'text', text: said })
const stop = (uuid: string, parent: string): object =>
  claude('user', uuid, parent, [text('[Request interrupted by user]')])
const aborted = event({ type: 'turn_aborted', reason: 'interrupted' })
const gemini = (id: string, type: string, content: string, more: object = {}): object => ({
  id,
  type,
  content,
  ...more,
})
const qwen = (uuid: string, parentUuid: string | null, type: string, said: string, more: object = {}): object => {
  const message = { role: type === 'user' ? 'user' : 'model', parts: [{ text: said }] }
  return { uuid, parentUuid, sessionId: 's', type, message, ...more }
}
const cancelled = (uuid: string, parentUuid: string): object => {
  const systemPayload = { uiEvent: { 'event.name': 'qwen-code.api_cancel' } }
  return { uuid, parentUuid, sessionId: 's', type: 'system', subtype: 'ui_telemetry', systemPayload }
}
const session = { sessionId: 's', projectHash: 'p', startTime: 't' }
const calling = { type: 'tool_use', id: 't1', name: 'Bash', input: {} }

/** Each with an answer that ended, and one that did not: `cut`. */
const SESSIONS: readonly (readonly [string, string, unknown])[] = [
  [
    'Claude Code',
    's.jsonl',
    [
      claude('user', 'a', null, 'One'),
      answer('b', 'a', [calling]),
      results('r', 'b', 't1', 'refused'),
      stop('s1', 'r'),
      claude('user', 'c', 's1', 'Again'),
      answer('d', 'c', [text('whole')], { stop_reason: 'end_turn' }),
      stop('s2', 'd'),
      claude('user', 'e', 's2', 'Again'),
      answer('f', 'e', [text('cut')]),
      stop('s3', 'f'),
    ],
  ],
  [
    'Codex, by its event',
    'rollout-a.jsonl',
    [
      meta({ id: 's1' }),
      codex('user', 'One'),
      codex('assistant', 'whole'),
      tokens(9, 9),
      codex('assistant', 'cut'),
      aborted,
    ],
  ],
  [
    'Codex, by what it tells the model',
    'rollout-a.jsonl',
    [
      meta({ id: 's1' }),
      codex('user', 'One'),
      codex('assistant', 'whole'),
      codex('user', 'Two'),
      codex('assistant', 'cut'),
      codex('user', '<turn_aborted>The user interrupted.</turn_aborted>'),
      aborted,
    ],
  ],
  [
    'Gemini CLI',
    'session-1.jsonl',
    [
      session,
      gemini('a', 'user', 'One'),
      gemini('b', 'gemini', 'whole', { tokens: { input: 1, output: 1, total: 2 } }),
      gemini('c', 'info', 'Request cancelled.'),
      gemini('d', 'user', 'Two'),
      gemini('e', 'gemini', 'cut'),
      gemini('f', 'info', 'Request cancelled.'),
    ],
  ],
  [
    'Qwen Code',
    'session.jsonl',
    [
      qwen('a', null, 'user', 'One'),
      qwen('b', 'a', 'assistant', 'whole', { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 } }),
      qwen('c', 'b', 'user', 'Two'),
      cancelled('t', 'c'),
      qwen('d', 't', 'assistant', 'cut'),
    ],
  ],
  [
    'opencode',
    'export.json',
    {
      info: { id: 'ses_1', directory: '/w' },
      messages: [
        { info: { id: 'msg_1', role: 'user' }, parts: [text('One')] },
        {
          info: { id: 'msg_2', role: 'assistant', error: { name: 'MessageAbortedError' } },
          parts: [{ type: 'step-start' }, text('whole'), { type: 'step-finish' }, { type: 'step-start' }, text('cut')],
        },
        { info: { id: 'msg_3', role: 'assistant', error: null }, parts: [text('whole')] },
      ],
    },
  ],
]

it.each(SESSIONS)('an answer that was broken off keeps its text and does not train: %s', async (_, name, content) => {
  const bench = await importBench()
  const report = await bench.run(await bench.put(name, content))
  expect(report.rejected).toEqual([])
  expect(report.imported[0]!.oddities).toMatchObject({ 'unfinished-message': 1 })
  const answers = (await bench.first(report)).threads[0]!.messages.filter(({ origin }) => origin === 'model')
  expect(answers.filter(({ weight }) => weight === 0).map((one) => one.content)).toEqual(['cut'])
  expect(answers.filter((one) => one.content === 'whole' && one.weight === undefined)).not.toEqual([])
})

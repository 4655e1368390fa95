import { expect, it } from 'vitest'
import { line as claude } from '../../../../test/support/claude-code-session.js'
import { event, line as codexLine, meta, said as codex } from '../../../../test/support/codex-rollout.js'
import { importBench } from '../../../../test/support/import-bench.js'
import { mainLineOf } from '../threads/index.js'

const text = (content: unknown): object[] => [{ type: 'text', text: content }]
const answer = (uuid: string, parent: string, content: string): object => ({
  ...claude('assistant', uuid, parent, []),
  message: { id: `m-${uuid}`, role: 'assistant', model: 'claude-sonnet-4-5', content: text(content) },
})
const gemini = (id: string, type: string, content: string): object => ({ id, timestamp: 't', type, content })
const qwen = (uuid: string, parentUuid: string | null, type: string, content: string): object => {
  const message = { role: type === 'user' ? 'user' : 'model', parts: [{ text: content }] }
  return { uuid, parentUuid, sessionId: 's', timestamp: 't', type, message }
}
const session = { sessionId: 's', projectHash: 'p', startTime: 't' }

/** The first prompt, its answer, the first prompt otherwise, its answer. */
const SESSIONS: readonly (readonly [string, string, readonly object[]])[] = [
  [
    'Claude Code, of another root',
    's.jsonl',
    [claude('user', 'a', null, 'One'), answer('b', 'a', '1'), claude('user', 'c', null, 'Two'), answer('d', 'c', '2')],
  ],
  [
    'Claude Code, after a line of the program',
    's.jsonl',
    [
      { ...claude('system', 's', null, ''), message: undefined },
      claude('user', 'a', 's', 'One'),
      answer('b', 'a', '1'),
      claude('user', 'c', 's', 'Two'),
      answer('d', 'c', '2'),
    ],
  ],
  [
    'Codex',
    'rollout-a.jsonl',
    [
      meta({ id: 's1' }),
      codex('user', 'One'),
      codex('assistant', '1'),
      event({ type: 'thread_rolled_back', num_turns: 1 }),
      codex('user', 'Two'),
      codex('assistant', '2'),
    ],
  ],
  [
    'Gemini CLI',
    'session-1.jsonl',
    [
      session,
      gemini('a', 'user', 'One'),
      gemini('b', 'gemini', '1'),
      { $rewindTo: 'a' },
      gemini('c', 'user', 'Two'),
      gemini('d', 'gemini', '2'),
    ],
  ],
  [
    'Qwen Code',
    'session.jsonl',
    [
      qwen('a', null, 'user', 'One'),
      qwen('b', 'a', 'assistant', '1'),
      qwen('c', null, 'user', 'Two'),
      qwen('d', 'c', 'assistant', '2'),
    ],
  ],
]

it.each(SESSIONS)('going back to the first prompt is an edit of the main line: %s', async (_, name, lines) => {
  const bench = await importBench()
  const report = await bench.run(await bench.put(name, lines))
  const { threads } = await bench.first(report)
  expect(threads.map(({ parent }) => parent)).toEqual([undefined, { thread: 'main', relation: 'edit' }])
  expect(threads.map(({ messages }) => messages.map(({ content }) => content))).toEqual([
    ['One', '1'],
    ['Two', '2'],
  ])
  expect(mainLineOf(threads)).toHaveLength(2)
})

it('undoing turns of Codex one by one goes back along the shown turns, whatever thread they are in', async () => {
  const bench = await importBench()
  const undo = event({ type: 'thread_rolled_back', num_turns: 1 })
  const turns = ['One', 'Two', 'Three'].flatMap((one) => [codex('user', one), codex('assistant', `to ${one}`)])
  const file = await bench.put('rollout-a.jsonl', [
    meta({ id: 's1' }),
    ...turns,
    undo,
    codex('user', 'Other'),
    undo,
    undo,
    codex('user', 'Last'),
    codex('assistant', 'So'),
  ])
  const { threads } = await bench.first(await bench.run(file))
  expect(
    threads.slice(1).map(({ parent, messages }) => [parent?.thread, parent?.message, messages[0]?.content]),
  ).toEqual([
    ['main', 'm3', 'Other'],
    ['main', 'm3', undefined],
    ['main', 'm1', 'Last'],
  ])
})

it('undoing more turns of Codex than its compaction left is counted, and does not go on in the old line', async () => {
  const bench = await importBench()
  const file = await bench.put('rollout-a.jsonl', [
    meta({ id: 's1', base_instructions: { text: 'Be good.' } }),
    codex('user', 'One'),
    codex('assistant', '1'),
    codexLine('compacted', { message: 'So far', replacement_history: [{ type: 'compaction' }] }),
    codex('assistant', 'Going on'),
    event({ type: 'thread_rolled_back', num_turns: 3 }),
    codex('user', 'Two'),
    codex('assistant', '2'),
  ])
  const report = await bench.run(file)
  expect(report.imported[0]!.oddities).toMatchObject({ 'undone-beyond-log': 1 })
  const { threads } = await bench.first(report)
  expect(threads.at(-1)).toMatchObject({
    parent: { thread: 'compact-1', relation: 'edit' },
    messages: [{ content: 'Two' }, {}],
  })
  expect(threads.at(-1)?.parent?.message).toBeUndefined()
})

import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  bare,
  call,
  event,
  item,
  line,
  meta,
  output,
  rollout,
  said,
  tokens,
  type Fields,
} from '../../../../../test/support/codex-rollout.js'
import { importBench, shapeOf, type ImportBench } from '../../../../../test/support/import-bench.js'
import { lostLeaves } from '../../../../../test/support/session-leaves.js'
import type { Trajectory } from '../../../../nouns/index.js'
import type { ImportReport } from '../index.js'

/** Names of the envelope and of items that are the noun's own: a message, its parts' direction. */
const NAMES = [
  'response_item',
  'session_meta',
  'output_text',
  'input_text',
  'function_call_output',
  'compacted',
  'summary_text',
  'reasoning_text',
]

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})
const write = (name: string, lines: readonly Fields[]): Promise<string> => bench.put(name, lines)
const run = (file: string): Promise<ImportReport> => bench.run(file)
const read = async (lines: readonly Fields[]): Promise<Trajectory> =>
  bench.first(await run(await write('rollout-a.jsonl', lines)))
const lost = (source: unknown, found: Trajectory): string[] =>
  lostLeaves(source, found).filter((leaf) => !NAMES.includes(leaf))

describe('import of Codex rollouts', () => {
  it('makes one message of each response, with the usage counted for it', async () => {
    const report = await run(await write('rollout-a.jsonl', rollout))
    expect(report.imported).toMatchObject([{ format: 'codex', messages: 10, toolCalls: 3, threads: 1 }])
    expect(report.imported[0]!.oddities).toEqual({ 'cut-by-agent': 1, 'unparsable-arguments': 1 })
    const found = await bench.read(report.imported[0]!.id)
    const messages = found.threads[0]!.messages
    expect(messages.map(({ role, origin }) => `${role} ${origin}`)).toEqual([
      'system agent',
      'system agent',
      'user agent',
      'user human',
      'assistant model',
      'tool tool',
      'tool tool',
      'assistant model',
      'tool tool',
      'assistant model',
    ])
    expect(messages[4]).toMatchObject({
      content: 'I look.',
      reasoning: { text: 'Looking around', kind: 'summary', signature: 'gAAAA1' },
      toolCalls: [{ id: 'c1', name: 'exec_command', arguments: '{"cmd": "ls",  "n": 1}' }, { arguments: '{"cmd": ' }],
      call: {
        model: 'gpt-5.5',
        params: { effort: 'high' },
        usage: { inputTokens: 100, cachedInputTokens: 6, outputTokens: 4, reasoningTokens: 1 },
      },
    })
    expect(messages[6]).toMatchObject({ toolCallId: 'c2', isError: true, content: 'no such command' })
    expect(messages[7]).toMatchObject({
      content: [{ type: 'web_search_call', action: { query: 'a.txt format' } }],
      reasoning: { kind: 'hidden', signature: 'gAAAA2' },
      toolCalls: [{ id: 'c3', name: 'apply_patch', arguments: '*** Begin Patch' }],
    })
    expect(found.usage).toMatchObject({ inputTokens: 400, outputTokens: 5 })
    expect(found.source).toMatchObject({ agent: 'codex', model: 'gpt-5.5', version: '0.128.0' })
  })

  it('loses no value, and tells no text of an event a second time', async () => {
    const found = await read(rollout)
    expect(lost(rollout, found)).toEqual([])
    const text = JSON.stringify(found)
    for (const said of ['I look.', 'What is here?', 'Looking around', 'There is a.txt.'])
      expect(text.split(said)).toHaveLength(2)
  })

  it('ends a response where its tokens are counted', async () => {
    const found = await read([
      meta({ id: 's1' }),
      said('user', 'One'),
      said('assistant', 'First'),
      tokens(100, 100),
      said('assistant', 'Second'),
      tokens(300, 200),
    ])
    const [, first, second] = found.threads[0]!.messages
    expect([first?.content, first?.call?.usage?.inputTokens]).toEqual(['First', 100])
    expect([second?.content, second?.call?.usage?.inputTokens]).toEqual(['Second', 200])
  })

  it('reads rollouts without envelope', async () => {
    const found = await read(bare)
    expect(shapeOf(found)).toEqual({
      main: ['m0 user human', 'm1 assistant model', 'm2 tool tool', 'm3 assistant model'],
    })
    expect(found.threads[0]!.messages[1]).toMatchObject({
      reasoning: { text: 'Hm', kind: 'full' },
      toolCalls: [{ name: 'local_shell', arguments: '{"type":"exec","command":["ls"],"timeout_ms":9000}' }],
    })
    expect(lost(bare, found)).toEqual([])
  })

  it('goes on in a thread of rebuilt history after a compaction, and in an edit after turns were undone', async () => {
    const history = [said('user', 'One'), said('user', 'Another model began…')].map((one) => one['payload'])
    const lines = [
      meta({ id: 's1' }),
      said('user', 'One'),
      said('assistant', 'First'),
      line('compacted', { message: 'Another model began…', replacement_history: history, window_number: 2 }),
      said('user', 'Two'),
      said('assistant', 'Second'),
      event({ type: 'thread_rolled_back', num_turns: 1 }),
      said('user', 'Two, better'),
      said('assistant', 'Third'),
    ]
    const found = await read(lines)
    expect(shapeOf(found)).toEqual({
      main: ['m0 user human', 'm1 assistant model'],
      'compact-1': ['m2 user rebuilt', 'm3 user rebuilt', 'm4 user human', 'm5 assistant model'],
      'edit-2': ['m6 user human', 'm7 assistant model'],
    })
    expect(found.threads.map((thread) => thread.parent)).toEqual([
      undefined,
      { thread: 'main', message: 'm1', relation: 'compaction' },
      { thread: 'compact-1', message: 'm3', relation: 'edit' },
    ])
    expect(lost(lines, found)).toEqual([])
  })

  it("reads a sub-agent's rollout with its parent's, and what it copied from there as rebuilt", async () => {
    const child = '019df7b3-0000-7000-8000-00000000000c'
    const started = {
      ...meta({ id: child, source: { subagent: { thread_spawn: { parent_thread_id: 's1', depth: 1 } } } }),
    }
    const burst = { timestamp: started['timestamp'] }
    const own = [
      started,
      { ...meta({ id: 's1' }), ...burst },
      { ...said('user', 'One'), ...burst },
      line('turn_context', { turn_id: '019df7b3-0001-7000-8000-00000000000d', model: 'gpt-5.5-mini' }),
      said('user', 'Find it'),
      said('assistant', 'Found'),
    ]
    const lines = [
      meta({ id: 's1' }),
      said('user', 'One'),
      call('c1', '{}'),
      output('c1', JSON.stringify({ agent_id: child })),
      said('assistant', 'Done'),
    ]
    await write('rollout-b.jsonl', own)
    const report = await run(path.dirname(await write('rollout-a.jsonl', lines)))
    expect(report.rejected).toEqual([])
    expect(report.imported).toHaveLength(1)
    const found = await bench.read(report.imported[0]!.id)
    const name = `agent-${child}`
    expect(found.threads[1]).toMatchObject({
      id: name,
      parent: { thread: 'main', message: 'm1', relation: 'subagent', toolCall: 'c1' },
    })
    expect(shapeOf(found)[name]).toEqual([
      `${name}:m0 user rebuilt`,
      `${name}:m1 user agent`,
      `${name}:m2 assistant model`,
    ])
    expect(lost([lines, own], found)).toEqual([])
  })

  it('survives any order, any cut and any change of its lines', async () => {
    const compacted = line('compacted', { message: 'So far', replacement_history: [{ type: 'compaction' }, 3] })
    const lines = [...rollout, compacted, item({ type: 'reasoning', summary: 'x' })].map((one) => JSON.stringify(one))
    const changed = fc.tuple(fc.shuffledSubarray(lines), fc.nat(4000), fc.string({ maxLength: 3 }))
    await fc.assert(
      fc.asyncProperty(changed, async ([some, at, put]) => {
        const text = some.join('\n')
        const file = await bench.put('m.jsonl', text.slice(0, at) + put + text.slice(at + put.length * 7))
        const report = await bench.run(file, { format: 'codex' })
        expect(report.imported.length + report.rejected.length).toBe(1)
        for (const { id } of report.imported) expect((await bench.read(id)).complete).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

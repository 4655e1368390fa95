import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, shapeOf, type ImportBench } from '../../../../../test/support/import-bench.js'
import { lostLeaves } from '../../../../../test/support/session-leaves.js'
import type { Trajectory } from '../../../../nouns/index.js'
import type { ImportReport } from '../index.js'
import {
  agentFile,
  answer,
  line,
  results,
  session,
  type Fields,
} from '../../../../../test/support/claude-code-session.js'

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})
const write = (name: string, lines: readonly Fields[]): Promise<string> => bench.put(name, lines)
const run = (file: string): Promise<ImportReport> => bench.run(file, { format: 'claude-code' })
const read = async (lines: readonly Fields[]): Promise<Trajectory> =>
  bench.first(await run(await write('s1.jsonl', lines)))

describe('import of Claude Code sessions', () => {
  it('joins the lines of an answer, ties parallel results, and counts usage once', async () => {
    const report = await run(await write('s1.jsonl', session))
    expect(report.imported).toMatchObject([{ format: 'claude-code', threads: 1, messages: 7, toolCalls: 2 }])
    expect(report.imported[0]!.oddities).toEqual({ 'arguments-not-text': 2 })
    const found = await bench.read(report.imported[0]!.id)
    expect(shapeOf(found)).toEqual({
      main: [
        'u0 user agent',
        'u1 user human',
        'a1 assistant model',
        'r1 tool tool',
        'r2 tool tool',
        'a4 assistant model',
        'x1 assistant agent',
      ],
    })
    const said = found.threads[0]!.messages[2]!
    expect(said).toMatchObject({
      content: 'I look.',
      reasoning: { kind: 'summary', text: 'Two places.' },
      toolCalls: [{ id: 't1' }, { id: 't2' }],
      call: { model: 'claude-sonnet-4-5', stop: 'tool-calls', usage: { inputTokens: 113, outputTokens: 40 } },
    })
    expect(found.usage).toEqual({ inputTokens: 113 * 2, outputTokens: 60, cachedInputTokens: 200 })
    expect(found.source).toMatchObject({ agent: 'claude-code', model: 'claude-sonnet-4-5', version: '2.1.0' })
    expect(found.workspace).toEqual({ cwd: '/w', gitBranch: 'main' })
    expect(found.asides).toMatchObject([{ why: 'failed attempt', messages: [{ origin: 'agent' }] }])
  })

  it('loses no value of the source', async () => {
    const lines = [...session, { type: 'custom-title', customTitle: 'Tidy up', sessionId: 's1' }]
    expect(lostLeaves(lines, await read(lines))).toEqual([])
  })

  it('opens an edit after a rewind, which shares what came before', async () => {
    const found = await read([
      line('user', 'u1', null, 'One'),
      ...answer('m1', ['a1'], 'u1', [{ type: 'text', text: 'First' }]),
      line('user', 'u2', 'a1', 'Two'),
      ...answer('m2', ['a2'], 'u2', [{ type: 'text', text: 'Second' }]),
      line('user', 'u3', 'a1', 'Two, better'),
      ...answer('m3', ['a3'], 'u3', [{ type: 'text', text: 'Third' }]),
    ])
    expect(found.threads.map(({ id, parent }) => [id, parent])).toEqual([
      ['main', undefined],
      ['edit-1', { thread: 'main', message: 'a1', relation: 'edit' }],
    ])
    expect(shapeOf(found)['edit-1']).toEqual(['u3 user human', 'a3 assistant model'])
  })

  it('takes a result that comes late for no rewind', async () => {
    const found = await read([
      line('user', 'u1', null, 'One'),
      ...answer('m1', ['a1'], 'u1', [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } }]),
      line('user', 'u2', 'a1', 'And be quick'),
      results('r1', 'a1', 't1', 'a.txt'),
      ...answer('m2', ['a2'], 'r1', [{ type: 'text', text: 'a.txt' }]),
    ])
    expect(shapeOf(found)).toEqual({
      main: ['u1 user human', 'a1 assistant model', 'u2 user human', 'r1 tool tool', 'a2 assistant model'],
    })
  })

  it('opens a thread after a compaction, with the summary as rebuilt', async () => {
    const lines = [
      line('user', 'u1', null, 'One'),
      ...answer('m1', ['a1'], 'u1', [{ type: 'text', text: 'First' }]),
      {
        ...line('system', 'c1', null, ''),
        message: undefined,
        subtype: 'compact_boundary',
        content: 'Conversation compacted',
        logicalParentUuid: 'a1',
        compactMetadata: { trigger: 'auto', preTokens: 167393 },
      },
      { ...line('user', 'u2', 'c1', 'This session is being continued…'), isCompactSummary: true },
      line('user', 'u3', 'u2', 'Go on'),
      ...answer('m2', ['a2'], 'u3', [{ type: 'text', text: 'Second' }]),
    ]
    const found = await read(lines)
    expect(found.threads[1]!.parent).toEqual({ thread: 'main', message: 'a1', relation: 'compaction' })
    expect(shapeOf(found)['compact-1']).toEqual(['u2 user rebuilt', 'u3 user human', 'a2 assistant model'])
    expect(lostLeaves(lines, found)).toEqual([])
  })

  it('ties sub-agents to their calls: inside the file by prompt, in files of their own by the id that the result names', async () => {
    const task = (id: string, prompt: string): Fields => ({ type: 'tool_use', id, name: 'Task', input: { prompt } })
    const lines = [
      line('user', 'u1', null, 'One'),
      ...answer('m1', ['a1', 'a2'], 'u1', [task('t1', 'Find it'), task('t2', 'Read it')]),
      { ...line('user', 's1', null, 'Find it'), isSidechain: true },
      ...answer('m2', ['s2'], 's1', [{ type: 'text', text: 'Found' }]).map((one) => ({ ...one, isSidechain: true })),
      results('r1', 'a1', 't1', 'Found'),
      { ...results('r2', 'a2', 't2', 'Read'), toolUseResult: { agentId: 'b7' } },
      ...answer('m3', ['a3'], 'r2', [{ type: 'text', text: 'Both.' }]),
    ]
    const file = await write('s1.jsonl', lines)
    await write('s1/subagents/agent-b7.jsonl', agentFile)
    await bench.put('s1/subagents/agent-b7.meta.json', { agentType: 'Explore' })
    const report = await bench.run(path.dirname(file))
    expect(report.rejected).toEqual([])
    expect(report.imported).toHaveLength(1)
    const found = await bench.read(report.imported[0]!.id)
    expect(found.threads.map(({ id, parent }) => [id, parent?.relation, parent?.message, parent?.toolCall])).toEqual([
      ['main', undefined, undefined, undefined],
      ['sidechain-1', 'subagent', 'a1', 't1'],
      ['agent-b7', 'subagent', 'a1', 't2'],
    ])
    expect(shapeOf(found)['agent-b7']).toEqual(['b1 user agent', 'b2 assistant model'])
    expect(found.source.files).toHaveLength(3)
    expect(lostLeaves([lines, agentFile, { agentType: 'Explore' }], found)).toEqual([])
  })

  it('takes what a forked session copied of its parent for rebuilt', async () => {
    const copied = (one: Fields): Fields => ({ ...one, forkedFrom: { sessionId: 's0', messageUuid: one['uuid'] } })
    const lines = [
      copied(line('user', 'u1', null, 'One')),
      ...answer('m1', ['a1'], 'u1', [{ type: 'text', text: 'First' }]).map(copied),
      line('user', 'u2', 'a1', 'Two'),
      ...answer('m2', ['a2'], 'u2', [{ type: 'text', text: 'Second' }]),
    ]
    const found = await read(lines)
    expect(shapeOf(found)).toEqual({
      main: ['u1 user rebuilt', 'a1 assistant rebuilt', 'u2 user human', 'a2 assistant model'],
    })
    expect(found.usage).toEqual(found.threads[0]!.messages[3]!.call?.usage)
    expect(lostLeaves(lines, found)).toEqual([])
  })

  it('tells what the program and what a person wrote', async () => {
    const texts = [
      'Caveat: The messages below were generated by the user while running local commands. DO NOT respond.',
      '<command-name>/model</command-name>',
      '<local-command-stdout>Set model</local-command-stdout>',
      '[Request interrupted by user for tool use]',
      '<bash-input>ls</bash-input>',
      '<system-reminder>Be brief.</system-reminder>',
      'Please go on',
    ]
    const lines = texts.map((text, at) => line('user', `u${at}`, at === 0 ? null : `u${at - 1}`, text))
    const report = await run(await write('s1.jsonl', lines))
    const found = await bench.read(report.imported[0]!.id)
    expect(found.threads[0]!.messages.map((one) => one.origin)).toEqual([
      'agent',
      'human',
      'agent',
      'agent',
      'human',
      'agent',
      'human',
    ])
    expect(report.imported[0]!.oddities).toMatchObject({ interrupted: 1 })
  })

  it('survives any order, any cut and any change of its lines', async () => {
    const lines = [...session, ...agentFile].map((one) => JSON.stringify(one))
    const changed = fc.tuple(fc.shuffledSubarray(lines), fc.nat(4000), fc.string({ maxLength: 3 }))
    await fc.assert(
      fc.asyncProperty(changed, async ([some, at, put]) => {
        const text = some.join('\n')
        const file = await bench.put('m.jsonl', text.slice(0, at) + put + text.slice(at + put.length * 7))
        const report = await run(file)
        expect(report.imported.length + report.rejected.length).toBe(1)
        for (const { id } of report.imported) expect((await bench.read(id)).complete).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

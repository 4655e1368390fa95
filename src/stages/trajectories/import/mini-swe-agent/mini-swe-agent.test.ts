import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, type ImportBench } from '../../../../../test/support/import-bench.js'
import { lostScalars } from '../../../../../test/support/session-leaves.js'
import type { StoredTrajectory } from '../../store/index.js'
import type { ImportReport } from '../index.js'

/** Written by mini-swe-agent 1.17.5 (v1) and 2.4.6 with its deterministic models; the working folder alone was renamed. */
const fixture = (name: string): string => path.join(import.meta.dirname, 'fixtures', `${name}.traj.json`)

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})

const put = (content: unknown): Promise<string> => bench.put('run.traj.json', content)
const run = (file: string): Promise<ImportReport> => bench.run(file)
const only = (file: string): ReturnType<ImportBench['only']> => bench.only(file)

/** The type of a message to the Responses API is a place in a trajectory, not a value. */
const PLACES = new Set(['"function_call_output"'])
const lost = (source: unknown, read: StoredTrajectory): string[] =>
  lostScalars(source, read).filter((leaf) => !PLACES.has(leaf))

interface RawMessage {
  readonly tool_calls?: readonly unknown[]
  readonly output?: string | { readonly type: string }[]
}
const rawOf = (name: string): { messages: RawMessage[] } =>
  JSON.parse(readFileSync(fixture(name), 'utf8')) as { messages: RawMessage[] }

describe('files that mini-swe-agent wrote', () => {
  it.each(['v1', 'text', 'toolcall', 'responses'])(
    '%s agrees with an independent count and loses no value',
    async (name) => {
      const raw = rawOf(name)
      const { read, report } = await only(fixture(name))
      const calls = raw.messages.map(({ tool_calls, output }) =>
        Array.isArray(output)
          ? output.filter((item) => item.type === 'function_call').length
          : (tool_calls ?? []).length,
      )
      expect(report.imported[0]).toMatchObject({
        format: 'mini-swe-agent',
        messages: raw.messages.length,
        toolCalls: calls.reduce((sum, one) => sum + one, 0),
        threads: 1,
        outcome: 'unknown',
      })
      expect(lost(raw, read)).toEqual([])
    },
  )

  it('v1: tells outputs from corrections, and keeps what was handed in', async () => {
    const { read } = await only(fixture('v1'))
    const { messages } = read.threads[0]!
    expect(messages.map((one) => one.origin)).toEqual([
      'agent',
      'human',
      'model',
      'tool',
      'model',
      'agent',
      'model',
      'agent',
    ])
    expect(messages[0]!.time).toMatch(/^20\d\d-.*Z$/)
    expect(read.source).toMatchObject({ agent: 'mini-swe-agent', model: 'deterministic', agentVersion: '1.17.5' })
    expect(read.tags).toEqual({ task: 'greet__1' })
    expect(read.extra).toMatchObject({ miniSweAgent: { info: { submission: 'the patch\n' } } })
  })

  it('text: an answer that could not be parsed is an aside before its correction', async () => {
    const { read } = await only(fixture('text'))
    expect(read.threads[0]!.messages.map((one) => `${one.role} ${one.origin}`)).toEqual([
      'system agent',
      'user human',
      'assistant model',
      'user tool',
      'user agent',
      'assistant model',
      'user agent',
    ])
    expect(read.asides).toMatchObject([
      { messages: [{ origin: 'model', content: 'bad' }], extra: { miniSweAgent: { before: 'm4' } } },
    ])
  })

  it('toolcall: keeps the exact arguments and ties results to calls', async () => {
    const { read, report } = await only(fixture('toolcall'))
    const { messages } = read.threads[0]!
    expect(messages[2]!.toolCalls).toMatchObject([
      { id: 'call_0', arguments: '{"command": "pwd; false"}' },
      { id: 'call_1', arguments: ' {"command":  "ls"}' },
    ])
    expect(messages.slice(3, 5).map((one) => one.toolCallId)).toEqual(['call_0', 'call_1'])
    expect(report.imported[0]!.oddities).toEqual({ 'missing-final-answer': 1, 'unanswered-call': 1 })
  })

  it('responses: text, calls and outputs of the Responses API; a limit is a budget', async () => {
    const { read } = await only(fixture('responses'))
    expect(read.threads[0]!.messages).toMatchObject([
      { role: 'system', content: 'You can run commands.' },
      { role: 'user', origin: 'human', content: 'List the files.' },
      {
        origin: 'model',
        content: 'I look.',
        toolCalls: [{ id: 'call_0', name: 'bash', arguments: '{"command": "ls"}' }],
      },
      { role: 'tool', toolCallId: 'call_0' },
      { origin: 'model', content: '', toolCalls: [{ id: 'call_1' }] },
      { role: 'tool', toolCallId: 'call_1' },
      { role: 'user', origin: 'agent', content: 'LimitsExceeded' },
    ])
    expect(read.outcome).toEqual({ status: 'unknown', cause: 'budget', by: 'source' })
  })
})

describe('import of mini-swe-agent', () => {
  const usage = {
    prompt_tokens: 9,
    completion_tokens: 4,
    prompt_tokens_details: { cached_tokens: 3 },
    completion_tokens_details: { reasoning_tokens: 2 },
  }
  const file = {
    info: {
      model_stats: { api_calls: 1 },
      config: { model: { model_name: 'm', model_kwargs: { temperature: 0.5 } } },
      mini_version: '2.0.0',
      exit_status: 'TimeExceeded',
    },
    messages: [
      { role: 'user', content: 'Do it.' },
      {
        role: 'assistant',
        content: 'ok',
        reasoning_content: 'so',
        extra: { response: { model: 'm-1', usage, choices: [{ finish_reason: 'length' }] }, timestamp: 1.5 },
      },
      { role: 'user', content: 'Stop that.', extra: { interrupt_type: 'UserInterruption' } },
    ],
    trajectory_format: 'mini-swe-agent-1.1',
  }

  it('reads usage, model, parameters, reasoning and stop reason; a person who interrupts is a person', async () => {
    const { read } = await only(await put(file))
    expect(read.threads[0]!.messages).toMatchObject([
      { origin: 'human' },
      {
        time: '1970-01-01T00:00:01.500Z',
        reasoning: { text: 'so', kind: 'full' },
        call: {
          model: 'm-1',
          params: { temperature: 0.5 },
          stop: 'length',
          usage: { inputTokens: 9, outputTokens: 4, cachedInputTokens: 3, reasoningTokens: 2 },
        },
      },
      { origin: 'human', content: 'Stop that.' },
    ])
    expect(read.outcome.cause).toBe('timeout')
    expect(lost(file, read)).toEqual([])
  })

  it('takes no other JSON for its own, and whatever is mutated is imported or rejected', async () => {
    for (const other of [
      '{"info":{"title":"x"},"messages":[]}',
      '{"messages":[{"role":"user","content":"mini_version"}]}',
    ]) {
      const report = await run(await put(other))
      expect(report.imported.filter((one) => one.format === 'mini-swe-agent')).toEqual([])
    }
    const text = JSON.stringify(file)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.nat(20),
        fc.string({ unit: 'binary', maxLength: 6 }),
        async (at, cut, by) => {
          const report = await run(await put(text.slice(0, at) + by + text.slice(at + cut)))
          expect(report.imported.length + report.rejected.length).toBe(1)
        },
      ),
      { numRuns: 60 },
    )
  })
})

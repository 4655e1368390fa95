import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { NO_SHARED_DATA, sharedData } from '../../../../../test/shared-data.js'
import { importBench, type ImportBench } from '../../../../../test/support/import-bench.js'
import { lostScalars } from '../../../../../test/support/session-leaves.js'
import type { StoredTrajectory } from '../../store/index.js'
import type { ImportReport } from '../index.js'

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})

const put = (content: unknown, name = 'run.traj'): Promise<string> => bench.put(name, content)
const run = (file: string): Promise<ImportReport> => bench.run(file)
const only = async (content: unknown): ReturnType<ImportBench['only']> => bench.only(await put(content))

/** The type of a call is a place in a trajectory, not a value. */
const PLACES = new Set(['"function"', '"thinking"'])
const lost = (source: unknown, read: StoredTrajectory): string[] =>
  lostScalars(source, read).filter((leaf) => !PLACES.has(leaf))

const agent = 'main'
const system = { role: 'system', content: 'SETTING', agent, message_type: 'system_prompt' }
const task = { role: 'user', content: 'Fix it.', agent, message_type: 'observation' }
const call = { id: 'call_1', type: 'function', function: { name: 'find', arguments: '{"a":  1}' } }
const answer = {
  role: 'assistant',
  content: 'I look.',
  thought: 'I look.',
  action: 'find 1',
  agent,
  tool_calls: [call],
  message_type: 'action',
  thinking_blocks: [{ type: 'thinking', thinking: 'where is it', signature: 'sig' }],
}
const result = { role: 'tool', content: 'found', agent, message_type: 'observation', tool_call_ids: ['call_1'] }
const stepOf = (item: { content: string; action: string }, more: object = {}): object => ({
  action: item.action,
  observation: 'found\n',
  response: item.content,
  thought: item.content,
  execution_time: 0.25,
  state: { open_file: 'n/a' },
  ...more,
})
const info = {
  exit_status: 'submitted',
  submission: 'diff --git a b',
  model_stats: { tokens_sent: 7, tokens_received: 2 },
}

describe('import of SWE-agent', () => {
  it('takes the history as the truth and keeps the step beside its answer, the submission in the header', async () => {
    const submit = { action: 'submit', content: 'I hand it in.' }
    const source = {
      environment: 'swe_main',
      trajectory: [stepOf(answer, { query: [system, task] }), stepOf(submit)],
      history: [system, task, answer, result],
      info,
      replay_config: JSON.stringify({ agent: { model: { name: 'gpt-x' } } }),
    }
    const { read, report } = await only(source)
    expect(report.imported).toMatchObject([
      { format: 'swe-agent', messages: 5, toolCalls: 1, threads: 1, outcome: 'unknown', oddities: {} },
    ])
    expect(read.source).toMatchObject({ agent: 'swe-agent', model: 'gpt-x' })
    expect(read.threads[0]!.messages).toMatchObject([
      { role: 'system', origin: 'agent' },
      { role: 'user', origin: 'human', content: 'Fix it.' },
      {
        origin: 'model',
        reasoning: { text: 'where is it', kind: 'full', signature: 'sig' },
        toolCalls: [{ id: 'call_1', name: 'find', arguments: '{"a":  1}' }],
        extra: { sweAgent: { step: { execution_time: 0.25, state: { open_file: 'n/a' } } } },
      },
      { role: 'tool', origin: 'tool', toolCallId: 'call_1', content: 'found' },
      {
        role: 'assistant',
        origin: 'model',
        content: 'I hand it in.',
        extra: { sweAgent: { step: { action: 'submit' } } },
      },
    ])
    expect(read.extra).toMatchObject({ sweAgent: { info: { submission: 'diff --git a b' } } })
    expect(read.usage).toEqual({ inputTokens: 7, outputTokens: 2 })
    expect(lost(source, read)).toEqual([])
  })

  it('tells demonstrations from the model, and text observations from a person', async () => {
    const demo = { ...answer, is_demo: true }
    const told = {
      role: 'user',
      content: 'Here is a demonstration',
      is_demo: true,
      message_type: 'demonstration',
      agent,
    }
    const text = { role: 'assistant', content: 'ls\n```\nls\n```', thought: 'ls', action: 'ls', agent }
    const seen = {
      role: 'user',
      content: 'Old environment output: (3 lines omitted)',
      agent,
      message_type: 'observation',
    }
    const source = {
      history: [system, told, demo, { ...result, is_demo: true }, task, text, seen],
      trajectory: [],
      info,
    }
    const { read, report } = await only(source)
    expect(read.threads[0]!.messages.map((one) => one.origin)).toEqual([
      'agent',
      'agent',
      'rebuilt',
      'rebuilt',
      'human',
      'model',
      'tool',
    ])
    expect(report.imported[0]).toMatchObject({ toolCalls: 0, oddities: { 'cut-by-agent': 1 } })
    expect(lost(source, read)).toEqual([])
  })

  it('keeps answers that were asked for again as asides, and what the query showed otherwise', async () => {
    const bad = { action: '', content: 'no command here' }
    const error = { role: 'user', content: 'Your output was not formatted correctly', agent, message_type: 'user' }
    const elided = { ...result, content: 'Old environment output: (1 lines omitted)' }
    const second = { ...answer, content: 'Again.', action: 'ls', tool_calls: [{ ...call, id: 'call_2' }] }
    const history = [system, task, answer, result, second, { ...result, tool_call_ids: ['call_2'] }]
    const source = {
      history,
      trajectory: [
        stepOf(answer, { query: [system, task] }),
        stepOf(bad, { query: [system, task, answer, elided] }),
        stepOf(second, { query: [system, task, answer, elided, error] }),
      ],
      info: { exit_status: 'submitted (exit_cost)' },
    }
    const { read, report } = await only(source)
    expect(read.asides).toMatchObject([{ messages: [{ origin: 'model', content: 'no command here' }] }])
    expect(read.threads[0]!.messages[4]).toMatchObject({
      content: 'Again.',
      extra: {
        sweAgent: {
          step: {
            query: {
              length: 5,
              differing: [
                { at: 3, item: elided },
                { at: 4, item: error },
              ],
            },
          },
        },
      },
    })
    expect(report.imported[0]).toMatchObject({ messages: 6, toolCalls: 2, oddities: { 'cut-by-agent': 2 } })
    expect(read.outcome).toEqual({ status: 'unknown', cause: 'budget', by: 'source' })
    expect(lost(source, read)).toEqual([])
  })

  it('makes a thread of another agent, a trajectory of each attempt, and messages of steps alone', async () => {
    const summary = ['system', 'user', 'assistant'].map((role) => ({ role, content: `${role} s`, agent: 'summarizer' }))
    const many = await only({ history: [system, task, answer, ...summary, result], trajectory: [], info })
    expect(many.read.threads).toMatchObject([
      { id: 'main', messages: { length: 4 } },
      { id: 'summarizer:1', parent: { thread: 'main', message: 'm2', relation: 'subagent' }, messages: { length: 3 } },
    ])
    const attempt = { history: [system, task, answer, result], trajectory: [stepOf(answer)], info }
    const best = { ...attempt, history: [system, task, { ...answer, content: 'Better.' }, result] }
    const file = { attempts: [attempt, best], ...best, info: { ...info, best_attempt_idx: 1 } }
    const report = await run(await put(file, 'retry.traj'))
    expect(report.imported).toHaveLength(2)
    const second = await bench.read(report.imported[1]!.id)
    expect(second.extra).toMatchObject({ sweAgent: { run: { info: { best_attempt_idx: 1 } } } })
    expect(JSON.stringify(second).split('Better.')).toHaveLength(2)
    const steps = await only({ trajectory: [stepOf(answer, { query: [system, task] })], info })
    expect(steps.report.imported[0]).toMatchObject({ messages: 4, oddities: { 'rebuilt-from-steps': 1 } })
  })

  it('does not take what SWE-agent wrote at a stop for an answer of the model', async () => {
    const stop = { role: 'assistant', content: 'Exit due to cost limit', thought: '', action: '', agent }
    const { read } = await only({ history: [system, task, stop], trajectory: [], info: { exit_status: 'exit_cost' } })
    expect(read.threads[0]!.messages[2]).toMatchObject({ origin: 'agent' })
  })

  it('takes no other JSON for its own, and whatever is mutated is imported or rejected', async () => {
    for (const other of ['{"name":"x","history":[]}', '{"info":{"title":"api"},"history":[]}', '{"trajectory":"x"}']) {
      expect((await run(await put(other, 'other.json'))).imported).toEqual([])
    }
    const text = JSON.stringify({ history: [system, task, answer, result], trajectory: [stepOf(answer)], info })
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

interface Raw {
  readonly history: readonly {
    readonly tool_calls?: readonly unknown[]
    readonly content: string
    readonly role: string
  }[]
  readonly trajectory?: readonly { readonly response: string }[]
}

describe.skipIf(sharedData === null)(`real files (${sharedData === null ? NO_SHARED_DATA : 'SWE-agent'})`, () => {
  it('agree with an independent count, and lose no value', async () => {
    const source = path.join(sharedData ?? '', 'sessions/swe-agent')
    const report = await run(source)
    expect(report.rejected).toEqual([])
    expect(report.imported).toHaveLength(readdirSync(source).length)
    for (const one of report.imported) {
      const raw = JSON.parse(readFileSync(one.source, 'utf8')) as Raw
      const said = raw.history.filter((item) => item.role === 'assistant').length
      const unsaid = Math.max(0, (raw.trajectory ?? []).length - said)
      const toolCalls = raw.history.reduce((sum, item) => sum + (item.tool_calls ?? []).length, 0)
      expect(one).toMatchObject({ format: 'swe-agent', messages: raw.history.length + unsaid, toolCalls, threads: 1 })
      const read = await bench.read(one.id)
      expect(lost(raw, read)).toEqual([])
      const answers = read.threads[0]!.messages.filter((message) => message.origin === 'model')
      if (raw.trajectory !== undefined) {
        const differing = raw.trajectory.filter((step, at) => step.response !== answers[at]?.content).length
        expect(answers).toHaveLength(raw.trajectory.length)
        expect(one.oddities['differing-copies'] ?? 0).toBe(differing)
        expect(read.asides).toEqual([])
        expect(answers.every((message) => 'step' in (message.extra!['sweAgent'] as object))).toBe(true)
      }
    }
  })
})

import { expect, it } from 'vitest'
import { line as claude } from '../../../../test/support/claude-code-session.js'
import { meta, said } from '../../../../test/support/codex-rollout.js'
import { importBench } from '../../../../test/support/import-bench.js'
import { AgentCalls } from './claude-code/agent-calls.js'

const MEGABYTE = 'x'.repeat(1 << 20)

it('an answer of Codex beyond 32 MB is divided, counted, and whole in its parts', async () => {
  const bench = await importBench()
  const parts = Array.from({ length: 40 }, () => said('assistant', MEGABYTE))
  const report = await bench.run(
    await bench.put('rollout-a.jsonl', [meta({ id: 's1' }), said('user', 'One'), ...parts]),
  )
  expect(report.imported[0]!.oddities).toMatchObject({ 'divided-answer': 1 })
  const [, ...answers] = (await bench.first(report)).threads[0]!.messages
  expect(answers.map(({ content }) => content.length)).toEqual([31, 9])
}, 30_000)

it('an answer of Claude Code beyond 32 MB is divided, counted, and its usage told once', async () => {
  const bench = await importBench()
  const parts = Array.from({ length: 40 }, (_, at) => ({
    ...claude('assistant', `a${at}`, at === 0 ? 'u' : `a${at - 1}`, []),
    message: {
      id: 'm1',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [{ type: 'text', text: MEGABYTE }],
      usage: { input_tokens: 1, output_tokens: 2 },
    },
  }))
  const report = await bench.run(await bench.put('s1.jsonl', [claude('user', 'u', null, 'One'), ...parts]))
  expect(report.imported[0]!.oddities).toMatchObject({ 'divided-answer': 1 })
  const { threads, usage } = await bench.first(report)
  const [, ...answers] = threads[0]!.messages
  expect(answers.map(({ content }) => content.length)).toEqual([31, 9])
  expect(usage).toMatchObject({ inputTokens: 1, outputTokens: 2 })
}, 30_000)

it('the calls of thousands of sub-agents with one prompt are found in order, in linear time', () => {
  const calls = new AgentCalls()
  const most = 20_000
  for (let at = 0; at < most; at += 1) {
    const block = { type: 'tool_use', id: `t${at}`, name: 'Task', input: { prompt: 'Look' } }
    const message = { content: [block] }
    calls.start({ type: 'assistant', uuid: `a${at}`, message }, 'main', `a${at}`)
  }
  const started = performance.now()
  const found = Array.from({ length: most }, () => calls.find(undefined, 'Look')?.id)
  expect([found[0], found.at(-1), calls.find(undefined, 'Look')]).toEqual(['t0', `t${most - 1}`, undefined])
  expect(performance.now() - started).toBeLessThan(1000)
})

const session = { sessionId: 's', projectHash: 'p', startTime: 't' }

it('a record of Gemini CLI that was written thousands of times is read in linear time, with all it said', async () => {
  const bench = await importBench()
  const versions = Array.from({ length: 20_000 }, (_, at) => ({ id: 'g', type: 'gemini', content: `${at}` }))
  const file = await bench.put('session-1.jsonl', [session, { id: 'u', type: 'user', content: 'Hi' }, ...versions])
  const started = performance.now()
  const report = await bench.run(file)
  expect(performance.now() - started).toBeLessThan(3000)
  const { content, extra } = (await bench.first(report)).threads[0]!.messages[1]!
  expect(content).toBe('19999')
  expect((extra?.['gemini'] as { earlier: unknown[] }).earlier).toHaveLength(19_999)
})

it('records of Gemini CLI before the line of their session are kept', async () => {
  const bench = await importBench()
  const report = await bench.run(
    await bench.put('session-1.jsonl', [
      { id: 'u', type: 'user', content: 'Hi' },
      session,
      { id: 'g', type: 'gemini', content: 'Hello' },
    ]),
  )
  const { threads } = await bench.first(report)
  expect(threads[0]!.messages.map(({ content }) => content)).toEqual(['Hi', 'Hello'])
})

it('records of Gemini CLI without a session are refused', async () => {
  const bench = await importBench()
  const lines = Array.from({ length: 70 }, (_, at) => ({ id: `u${at}`, type: 'user', content: 'Hi' }))
  // The words that the format is told by stand in a record that says nothing of a session.
  const hint = { id: 'u', type: 'user', content: 'Hi', note: { sessionId: 's', projectHash: 'p' } }
  const report = await bench.run(await bench.put('session-1.jsonl', [hint, ...lines]))
  expect(report.rejected).toMatchObject([{ error: expect.stringContaining('no line says') as string }])
})

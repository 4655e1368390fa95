import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { NO_SHARED_DATA, sharedData } from '../../../../../test/shared-data.js'
import { importBench, originsOf, type ImportBench } from '../../../../../test/support/import-bench.js'
import { lostScalars } from '../../../../../test/support/session-leaves.js'

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})
const put = (content: unknown, name = 'output.jsonl'): Promise<string> => bench.put(name, content)

let next = 0
const event = (more: object): Record<string, unknown> => ({ id: next++, timestamp: '2025-04-30T16:32:54.7', ...more })
const tool = { type: 'function', function: { name: 'execute_bash', parameters: { type: 'object' } } }
const system = (): object => event({ source: 'agent', action: 'system', args: { content: 'You act.', tools: [tool] } })
const user = (content: string): object =>
  event({ source: 'user', action: 'message', message: content, args: { content } })
const call = (id: string, args: string): object => ({
  id,
  type: 'function',
  function: { name: 'execute_bash', arguments: args },
})
const response = (id: string, calls: object[], content = 'I look.'): object => ({
  id,
  model: 'm-1',
  choices: [{ finish_reason: 'tool_calls', message: { role: 'assistant', content, tool_calls: calls } }],
  usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 3 } },
})
const metadata = (id: string, model_response: object): object => ({
  tool_call_metadata: { function_name: 'execute_bash', tool_call_id: id, model_response, total_calls_in_response: 2 },
})
const act = (action: string, id: string, of: object, args: object = {}): Record<string, unknown> =>
  event({ source: 'agent', action, args: { thought: 'I look.', ...args }, ...metadata(id, of) })
const see = (observation: string, id: string, of: object, content: string): object =>
  event({ source: 'agent', observation, content, extras: { exit_code: 0 }, ...metadata(id, of) })

describe('import of an OpenHands output', () => {
  it('makes one answer of the actions of one response, with the exact arguments', async () => {
    const two = response('r1', [call('c1', '{"command":  "ls"}'), call('c2', 'not json')])
    const source = {
      instance_id: 'a__b-1',
      test_result: { git_patch: 'diff --git', report: { resolved: true } },
      metadata: { llm_config: { model: 'openai/m' } },
      metrics: { accumulated_token_usage: { prompt_tokens: 90, completion_tokens: 40, cache_read_tokens: 5 } },
      history: [
        system(),
        user('Fix it.'),
        event({ source: 'user', action: 'recall', args: { recall_type: 'workspace_context' } }),
        event({
          source: 'environment',
          observation: 'recall',
          content: 'Added',
          extras: { repo_instructions: 'be kind' },
        }),
        act('run', 'c1', two, { command: 'ls' }),
        see('run', 'c1', two, 'a.txt'),
        act('run', 'c2', two, { command: 'pwd' }),
        see('error', 'c2', two, 'no such tool'),
        event({ source: 'agent', action: 'message', args: { content: 'What now?', wait_for_response: true } }),
        user('Please continue working on the task on whatever approach you think is suitable.\nIMPORTANT'),
        event({ source: 'agent', action: 'finish', args: { final_thought: 'Done.', thought: '' } }),
      ],
    }
    const { read, report } = await bench.only(await put(source))
    expect(originsOf(read)).toEqual([
      'system agent',
      'user human',
      'assistant model',
      'tool tool',
      'tool tool',
      'assistant model',
      'user agent',
      'assistant model',
    ])
    const { messages } = read.threads[0]!
    expect(messages[2]).toMatchObject({
      content: 'I look.',
      toolCalls: [
        { id: 'c1', name: 'execute_bash', arguments: '{"command":  "ls"}' },
        { id: 'c2', arguments: 'not json' },
      ],
      call: { model: 'm-1', stop: 'tool-calls', usage: { inputTokens: 9, outputTokens: 4, cachedInputTokens: 3 } },
    })
    expect(read.tools[messages[2]!.call!.tools!]).toMatchObject([{ name: 'execute_bash' }])
    expect(messages[4]).toMatchObject({ toolCallId: 'c2', isError: true, content: 'no such tool' })
    expect(messages[7]!.content).toBe('Done.')
    expect(report.imported[0]).toMatchObject({
      toolCalls: 2,
      outcome: 'success',
      oddities: { 'context-not-recorded': 1, 'unparsable-arguments': 1 },
    })
    expect(read.tags).toEqual({ task: 'a__b-1' })
    expect(read.usage).toEqual({ inputTokens: 90, outputTokens: 40, cachedInputTokens: 5 })
    expect(lostScalars(source, read).filter((leaf) => leaf !== '"function"')).toEqual([])
  })

  it('reads the older pairs, whose actions are all that is left of the answers', async () => {
    const history = [
      [user('Fix it.'), event({ source: 'user', observation: 'null', content: '', extras: {} })],
      [
        { ...event({ source: 'agent', action: 'run', args: { command: 'ls', thought: 'Look.' } }), id: 700 },
        event({ source: 'agent', observation: 'run', content: 'a.txt', cause: 700, extras: { exit_code: 0 } }),
      ],
    ]
    const source = {
      instance_id: 'x',
      test_result: {},
      history,
      error: 'RuntimeError: Agent reached maximum iteration',
    }
    const { read, report } = await bench.only(await put(source))
    expect(read.threads[0]!.messages).toMatchObject([
      { origin: 'human' },
      {
        origin: 'model',
        content: 'Look.',
        toolCalls: [{ id: 'call-700', name: 'run', arguments: '{"command":"ls"}' }],
      },
      { role: 'tool', toolCallId: 'call-700', content: 'a.txt' },
    ])
    expect(report.imported[0]!.oddities).toMatchObject({ 'arguments-not-text': 1, 'missing-call-id': 1 })
    expect(read.outcome).toEqual({ status: 'unknown', cause: 'budget', by: 'source' })
    expect(lostScalars(source, read)).toEqual([])
  })

  it('opens a thread after a condensation with what was left, and one for a delegate', async () => {
    next = 0
    const one = response('r1', [call('c1', '{}')])
    const two = response('r2', [call('c2', '{}')])
    const source = [
      system(),
      user('Fix it.'),
      act('run', 'c1', one),
      see('run', 'c1', one, 'seen'),
      event({
        source: 'agent',
        action: 'condensation',
        args: { forgotten_events_start_id: 2, forgotten_events_end_id: 3, summary: 'It looked.', summary_offset: 2 },
      }),
      act('delegate', 'c2', two, { agent: 'BrowsingAgent' }),
      user('TASK: browse'),
      event({ source: 'agent', action: 'finish', args: { thought: 'browsed' } }),
      see('delegate', 'c2', two, 'It browsed.'),
    ]
    const { read, report } = await bench.only(await put(source, 'trajectory.json'))
    expect(read.threads).toMatchObject([
      { id: 'main', messages: { length: 4 } },
      { id: 'compaction:1', parent: { thread: 'main', message: '3', relation: 'compaction' } },
      { id: 'delegate:2', parent: { thread: 'compaction:1', message: '5', relation: 'subagent', toolCall: 'c2' } },
    ])
    expect(originsOf(read, 1)).toEqual([
      'system rebuilt',
      'user rebuilt',
      'user rebuilt',
      'assistant model',
      'tool tool',
    ])
    expect(read.threads[1]!.messages[2]!.content).toBe('It looked.')
    expect(originsOf(read, 2)).toEqual(['user agent', 'assistant model'])
    expect(report.imported[0]).toMatchObject({ toolCalls: 2, threads: 3 })
    expect(lostScalars(source, read).filter((leaf) => leaf !== '"function"')).toEqual([])
  })

  it('reads a folder of events as one session, each file once', async () => {
    next = 0
    const events = [system(), user('Hello.'), event({ source: 'agent', action: 'message', args: { content: 'Hi.' } })]
    for (const [at, one] of events.entries()) await put(one, `s/events/${at}.json`)
    const report = await bench.run(bench.folder)
    expect(report.imported).toMatchObject([{ format: 'openhands', messages: 3 }])
    expect(report.passedOver).toHaveLength(2)
    expect((await bench.read(report.imported[0]!.id)).source.files).toHaveLength(3)
  })

  it('takes no other JSON for its own, and whatever is mutated is imported or rejected', async () => {
    const others = [
      '{"name":"x","version":"1"}',
      '[{"action":"run","args":[]}]',
      '{"instance_id":"x","model_patch":"y"}',
    ]
    for (const other of others) expect((await bench.run(await put(other, 'other.json'))).imported).toEqual([])
    const one = response('r1', [call('c1', '{}')])
    const text = JSON.stringify([system(), user('Fix it.'), act('run', 'c1', one), see('run', 'c1', one, 'seen')])
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.nat(20),
        fc.constantFrom('', '5', 'null', '{}', '[]', '"'),
        async (at, cut, by) => {
          const report = await bench.run(await put(text.slice(0, at) + by + text.slice(at + cut), 'mutated.json'))
          expect(report.imported.length + report.rejected.length).toBe(1)
        },
      ),
      { numRuns: 100 },
    )
  })
})

interface RawEvent {
  readonly action?: string
  readonly observation?: string
  readonly tool_call_metadata?: { readonly model_response: { readonly id: string } & Record<string, unknown> }
}

describe.skipIf(sharedData === null)(
  `a real output (${sharedData === null ? NO_SHARED_DATA : 'multi-swe-bench'})`,
  () => {
    it('agrees with an independent count, and loses no value', async () => {
      const file = path.join(sharedData ?? '', 'sessions/openhands-multi-swe-bench.jsonl')
      const { read, report } = await bench.only(file)
      const raw = JSON.parse(readFileSync(file, 'utf8')) as { history: RawEvent[] }
      const responses = new Map(
        raw.history.flatMap((one) => one.tool_call_metadata?.model_response ?? []).map((one) => [one.id, one]),
      )
      const calls = [...responses.values()].flatMap((one) => {
        const [choice] = one['choices'] as { message: { tool_calls: { function: { arguments: string } }[] } }[]
        return choice!.message.tool_calls.map((made) => made.function.arguments)
      })
      const results = raw.history.filter((one) => one.observation !== undefined && one.tool_call_metadata !== undefined)
      const asked = raw.history.filter((one) => one.action === 'system' || one.action === 'message')
      expect(report.imported[0]).toMatchObject({
        messages: responses.size + results.length + asked.length,
        toolCalls: calls.length,
        threads: 1,
        outcome: 'unknown',
      })
      const { messages } = read.threads[0]!
      expect(messages.flatMap((one) => (one.toolCalls ?? []).map((made) => made.arguments))).toEqual(calls)
      expect(lostScalars(raw, read).filter((leaf) => leaf !== '"function"')).toEqual([])
    })
  },
)

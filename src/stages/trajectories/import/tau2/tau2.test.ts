import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NO_SHARED_DATA, sharedData } from '../../../../../test/shared-data.js'
import { lostValues } from '../../../../../test/support/session-leaves.js'
import { unwrap, type Trajectory } from '../../../../nouns/index.js'
import { trajectoryStore, type TrajectoryStore } from '../../store/index.js'
import { importPaths, type ImportReport } from '../index.js'

let folder: string
let store: TrajectoryStore
const fresh = async (): Promise<void> => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limi-tau2-'))
  store = trajectoryStore(path.join(folder, 'trajectories'))
}
const run = async (paths: readonly string[]): Promise<ImportReport> =>
  unwrap(await importPaths(paths, { format: 'auto', store }))
const importText = async (text: string): Promise<ImportReport> => {
  const file = path.join(folder, 'results.json')
  await writeFile(file, text)
  return run([file])
}
const read = async (id: string): Promise<Trajectory> => unwrap(await store.read(id))

/** Fields as `SimulationRun` and its messages have them; values made up. */
const telecom = {
  id: 's1',
  task_id: 'no-data',
  start_time: '2026-01-01T00:00:00',
  termination_reason: 'user_stop',
  reward_info: { reward: 0.9999999, info: { env: null } },
  trial: 0,
  seed: 7,
  messages: [
    { role: 'assistant', content: 'Hi! How can I help you today?', tool_calls: null, turn_idx: 0, cost: 0 },
    { role: 'user', content: 'No data.', turn_idx: 1, usage: { prompt_tokens: 9, completion_tokens: 2 } },
    {
      role: 'assistant',
      content: null,
      turn_idx: 2,
      tool_calls: [{ id: 'a1', name: 'get_line', arguments: { factor: 1 }, requestor: 'assistant' }],
      cost: 0.25,
      usage: { prompt_tokens: 30, completion_tokens: 4 },
      generation_time_seconds: 1.5,
      raw_data: {
        finish_reason: 'tool_calls',
        message: { tool_calls: [{ id: 'a1', function: { name: 'get_line', arguments: '{"factor":  1.0}' } }] },
      },
    },
    { role: 'tool', id: 'a1', content: 'ok', requestor: 'assistant', error: false },
    { role: 'assistant', content: 'Toggle it.', usage: null, raw_data: { finish_reason: 'stop' } },
    {
      role: 'user',
      content: null,
      tool_calls: [
        { id: 'u1', name: 'toggle_data', arguments: {}, requestor: 'user' },
        { id: 'u2', name: 'reboot', arguments: {}, requestor: 'user' },
      ],
    },
    {
      role: 'tool',
      tool_messages: [
        { role: 'tool', id: 'u1', content: 'on', requestor: 'user', error: false },
        { role: 'tool', id: 'u2', content: 'no', requestor: 'user', error: true },
      ],
    },
    { role: 'user', content: 'It works. ###STOP###' },
  ],
}
const results = (...simulations: object[]): Record<string, unknown> => ({
  timestamp: '2026-01-01T00:00:00',
  info: {
    git_commit: 'c0ffee',
    agent_info: { implementation: 'llm_agent', llm: 'm-1', llm_args: { temperature: 0 } },
    user_info: { implementation: 'user_simulator', llm: 'm-2' },
    environment_info: {
      domain_name: 'telecom',
      policy: 'Be kind.',
      tool_defs: {
        get_line: { name: 'get_line', doc: 'Looks.', params: { type: 'object' }, returns: { type: 'string' } },
      },
    },
  },
  tasks: [{ id: 'no-data', ticket: 'x' }],
  simulations,
})

describe('import of a τ² simulation', () => {
  beforeEach(fresh)

  it("keeps the simulated user's own tools beside the agent's line", async () => {
    const report = await importText(JSON.stringify(results(telecom)))
    expect(report).toMatchObject({
      imported: [{ format: 'tau2', messages: 6, toolCalls: 1, threads: 1, outcome: 'success' }],
      rejected: [],
    })
    expect(report.imported[0]!.oddities).toEqual({ 'arguments-not-text': 2 })
    const { threads, asides, outcome, tags, tools, extra } = await read(report.imported[0]!.id)
    expect(threads[0]!.messages.map(({ id, role, origin }) => `${id} ${role} ${origin}`)).toEqual([
      'm0 assistant agent',
      'm1 user simulated',
      'm2 assistant model',
      'm3 tool tool',
      'm4 assistant model',
      'm8 user simulated',
    ])
    expect(threads[0]!.messages[2]).toMatchObject({
      toolCalls: [{ id: 'a1', arguments: '{"factor":  1.0}' }],
      call: {
        model: 'm-1',
        params: { temperature: 0 },
        usage: { inputTokens: 30, outputTokens: 4 },
        stop: 'tool-calls',
        durationMs: 1500,
        extra: { tau2: { cost: 0.25 } },
      },
      extra: { tau2: { content: null, turn_idx: 2 } },
    })
    expect(asides).toMatchObject([
      {
        why: "simulated user's own tool call",
        thread: 'main',
        extra: { tau2: { after: 'm4' } },
        messages: [
          { role: 'user', origin: 'simulated', toolCalls: [{ id: 'u1' }, { id: 'u2' }] },
          { role: 'tool', toolCallId: 'u1', isError: false, content: 'on' },
          { role: 'tool', toolCallId: 'u2', isError: true, content: 'no' },
        ],
      },
    ])
    expect(outcome).toEqual({ status: 'success', score: 0.9999999, max: 1, by: 'source' })
    expect(tags).toEqual({ task: 'no-data', domain: 'telecom', trial: '0', seed: '7' })
    expect(tools[threads[0]!.messages[2]!.call!.tools!]).toMatchObject([{ name: 'get_line', description: 'Looks.' }])
    expect(extra).toMatchObject({ tau2: { task: { ticket: 'x' }, info: { environment_info: { policy: 'Be kind.' } } } })
  })

  it.each([
    [{ reward: 0.5 }, 'max_steps', { status: 'failure', score: 0.5, cause: 'budget' }],
    [{ reward: 0 }, 'too_many_errors', { status: 'failure', cause: 'agent' }],
    [{ reward: 0 }, 'user_error', { status: 'failure', cause: 'user-simulator' }],
    [null, 'infrastructure_error', { status: 'unknown', cause: 'infrastructure' }],
    [{ reward: 1.000002 }, 'agent_stop', { status: 'failure' }],
  ])('reward %j after %s', async (reward_info, termination_reason, outcome) => {
    const report = await importText(JSON.stringify(results({ ...telecom, reward_info, termination_reason })))
    expect((await read(report.imported[0]!.id)).outcome).toMatchObject(outcome)
  })

  it('reads a file whose fields were sorted, and a simulation that is damaged costs no other', async () => {
    const { simulations, info, tasks } = results(telecom, { ...telecom, messages: [{ role: 'wizard' }] }, telecom)
    const report = await importText(JSON.stringify({ simulations, tasks, info }))
    expect(report.imported).toHaveLength(2)
    expect(new Set(report.imported.map((one) => one.id)).size).toBe(2)
    expect(report.rejected).toMatchObject([
      { error: expect.stringMatching(/messages\.0.*import\.invalid.*results\.json:1/) },
    ])
    const ticks = await importText(JSON.stringify(results({ ...telecom, messages: null, ticks: [] })))
    expect(ticks.rejected).toMatchObject([{ error: expect.stringMatching(/full-duplex/) }])
    const cut = await importText(JSON.stringify(results(telecom, telecom)).slice(0, -300))
    expect(cut.imported).toHaveLength(1)
    expect(cut.rejected).toMatchObject([{ error: expect.stringMatching(/ends too early/) }])
  })

  it('a history that the task begins with was said by no model', async () => {
    const task = { id: 'no-data', initial_state: { message_history: telecom.messages.slice(0, 4) } }
    const report = await importText(JSON.stringify({ ...results(telecom), tasks: [task] }))
    const { messages } = (await read(report.imported[0]!.id)).threads[0]!
    expect(messages.map((message) => message.origin)).toEqual([
      'agent',
      'simulated',
      'agent',
      'tool',
      'model',
      'simulated',
    ])
  })
})

interface RawCall {
  readonly requestor: string
}
interface RawRun {
  readonly info: object
  readonly tasks: readonly { readonly id: string }[]
  readonly simulations: readonly {
    readonly id: string
    readonly task_id: string
    readonly reward_info: { readonly reward: number }
    readonly messages: readonly {
      readonly role: string
      readonly requestor?: string
      readonly tool_calls?: RawCall[] | null
    }[]
  }[]
}

describe.skipIf(sharedData === null)(`real τ² runs (${sharedData === null ? NO_SHARED_DATA : 'real'})`, () => {
  const runs = path.join(sharedData ?? '', 'tau2', 'runs')
  const files = sharedData === null ? [] : readdirSync(runs).map((name) => path.join(runs, name))
  const rawOf = (file: string): RawRun => JSON.parse(readFileSync(file, 'utf8')) as RawRun
  let report: ImportReport

  beforeAll(async () => {
    await fresh()
    report = await run(files)
  }, 60_000)

  it('all 160 simulations agree with an independent count', () => {
    const expected = files.flatMap((file) =>
      rawOf(file).simulations.map(({ messages, reward_info }) => ({
        source: file,
        format: 'tau2',
        messages: messages.filter((one) => one.requestor !== 'user').length,
        toolCalls: messages
          .filter((one) => one.role === 'assistant')
          .flatMap((one) => one.tool_calls ?? [])
          .filter((call) => call.requestor === 'assistant').length,
        outcome: Math.abs(reward_info.reward - 1) < 1e-6 ? 'success' : 'failure',
      })),
    )
    expect(report.rejected).toEqual([])
    expect(report.imported).toHaveLength(160)
    expect(report.imported).toMatchObject(expected)
  })

  it('counts the oddities that a look at the data found', () => {
    const totals: Record<string, number> = {}
    for (const { source, oddities } of report.imported)
      for (const [kind, count] of Object.entries(oddities)) {
        const key = `${path.basename(source, '.json')} ${kind}`
        totals[key] = (totals[key] ?? 0) + count
      }
    // Where the harness gave up; the others end with the simulated user's goodbye after an answer.
    expect(totals).toEqual({
      'airline-gpt-4.1 refused-attempt': 2,
      'airline-qwen2.5-7b missing-final-answer': 10,
      'airline-qwen2.5-7b refused-attempt': 128,
      'airline-toolorchestra arguments-not-text': 581,
      'retail-gpt-4.1 refused-attempt': 1,
    })
  })

  it('loses no leaf of a simulation, its task, or what the file says of the run', async () => {
    for (const file of files) {
      const { simulations, tasks, info } = rawOf(file)
      const ids = report.imported.filter((one) => one.source === file).map((one) => one.id)
      for (const [at, simulation] of simulations.entries()) {
        if (at % 5 > 0) continue
        const task = tasks.find((one) => one.id === simulation.task_id)
        const lost = lostValues({ simulation, task, info }, await read(ids[at]!))
        expect(lost).toEqual([])
      }
    }
  }, 60_000)

  it('takes the exact arguments from the response that the run kept', async () => {
    const file = path.join(runs, 'retail-gpt-4.1.json')
    const texts = [...(await readFile(file, 'utf8')).matchAll(/"function": \{\s*"arguments": ("(?:[^"\\]|\\.)*")/g)]
    const kept: string[] = []
    for (const one of report.imported.filter(({ source }) => source === file))
      for (const message of (await read(one.id)).threads[0]!.messages)
        kept.push(...(message.toolCalls ?? []).map((call) => call.arguments))
    expect(texts.length).toBeGreaterThan(200)
    expect(kept).toEqual(texts.map((match) => JSON.parse(match[1]!) as string))
  })
})

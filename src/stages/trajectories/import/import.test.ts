import { mkdir, truncate } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { chatSample } from '../../../../test/support/chat-sample.js'
import { importBench, type ImportBench } from '../../../../test/support/import-bench.js'
import { failed, unwrap, type Message } from '../../../nouns/index.js'
import type { TrajectoryStore } from '../store/index.js'
import { importPaths, type ImportOptions, type ImportReport } from './index.js'

let folder: string
let store: TrajectoryStore
let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
  ;({ folder, store } = bench)
})

const file = (name: string, content: string | Uint8Array): Promise<string> => bench.put(name, content)
const run = (paths: string[], more: Partial<ImportOptions> = {}): Promise<ImportReport> => bench.run(paths, more)
const messagesOf = async (id: string): Promise<readonly Message[]> => unwrap(await store.read(id)).threads[0]!.messages

describe('import of OpenAI messages', () => {
  it('keeps exact arguments, parts, reasoning and tools, and says what is missing', async () => {
    const report = await run([await file('a.json', JSON.stringify(chatSample, null, 2))])
    expect(report).toMatchObject({
      imported: [
        {
          format: 'openai-messages',
          messages: 5,
          toolCalls: 1,
          threads: 1,
          outcome: 'unknown',
          oddities: {},
          kept: false,
        },
      ],
      rejected: [],
    })
    const read = unwrap(await store.read(report.imported[0]!.id))
    expect(read.threads[0]!.messages).toMatchObject([
      { role: 'system', origin: 'agent' },
      { role: 'user', origin: 'human', content: [{ type: 'text', text: 'What is here?' }] },
      {
        origin: 'model',
        content: '',
        reasoning: { text: 'look', kind: 'full' },
        toolCalls: [{ id: 'call_1', name: 'ls', arguments: '{ "path":  "." }' }],
        extra: { openai: { content: null } },
      },
      { role: 'tool', origin: 'tool', toolCallId: 'call_1' },
      { role: 'assistant', content: 'a.txt' },
    ])
    const digest = read.threads[0]!.messages[2]!.call!.tools!
    expect(read.tools[digest]).toEqual([{ name: 'ls', parameters: { type: 'object' } }])
    expect(read.extra?.['missing']).toEqual(['outcome'])
    expect(read.source.files).toMatchObject([{ path: path.join(folder, 'a.json') }])
  })

  it('reads an array, JSONL, and JSONL under another name alike', async () => {
    const line = `${JSON.stringify(chatSample)}\n`
    const report = await run([
      await file('array.json', JSON.stringify([chatSample, chatSample])),
      await file('lines.jsonl', `${line}\n${line}`),
      await file('lines.json', line + line),
      await file('one.jsonl', line.trimEnd()),
      await file('bare.json', JSON.stringify(chatSample.messages)),
    ])
    expect(report.rejected).toEqual([])
    expect(report.imported.map((one) => one.messages)).toEqual(Array(8).fill(5))
    expect(new Set(report.imported.map((one) => one.id)).size).toBe(8)
  })

  it('counts what is odd: objects as arguments, no id, legacy calls, unparsable text, wrong ids', async () => {
    const call = (more: object, args: unknown): object => ({ ...more, function: { name: 'f', arguments: args } })
    const messages = [
      { role: 'user', content: 'x' },
      { role: 'assistant', tool_calls: [call({ id: 'call_a_b' }, { a: 1 }), call({}, '{"a":')] },
      { role: 'tool', tool_call_id: 'callab', content: 'ok' },
      { role: 'tool', tool_call_id: 'nobody', content: 'ok' },
      { role: 'assistant', content: null, function_call: { name: 'g\u001b[31m', arguments: '{}' } },
      { role: 'function', name: 'g', content: 'ok' },
    ]
    const report = await run([await file('odd.json', JSON.stringify({ messages }))])
    expect(report.imported[0]!.oddities).toEqual({
      'arguments-not-text': 1,
      'control-characters': 1,
      'legacy-function-call': 1,
      'missing-call-id': 2,
      'missing-final-answer': 1,
      'orphaned-result': 2,
      'repaired-id': 1,
      'unanswered-call': 2,
      'unparsable-arguments': 1,
    })
    const kept = await messagesOf(report.imported[0]!.id)
    expect(kept[1]!.toolCalls?.map((one) => one.arguments)).toEqual(['{"a":1}', '{"a":'])
    expect(kept[2]).toMatchObject({ toolCallId: 'call_a_b', extra: { toolCallId: 'callab' } })
  })

  it('rejects the damaged lines of a JSONL file by line and imports the others', async () => {
    const line = JSON.stringify(chatSample)
    const lines = [line, '{"messages": [', line, '{"messages":[{"role":"wizard","content":"x"}]}', line]
    const target = await file('mixed.jsonl', `${lines.join('\n')}\n`)
    const report = await run([target])
    expect(report.imported).toHaveLength(3)
    expect(report.rejected.map((one) => one.error)).toEqual([
      expect.stringContaining(`${target}:2:15`),
      expect.stringMatching(/messages\.0\.role.*mixed\.jsonl:4$/),
    ])
  })
})

describe('hostile input', () => {
  const deep = `{"messages":[{"role":"user","content":${'['.repeat(10_000)}${']'.repeat(10_000)}}]}`
  const cases: [string, string, string | Uint8Array, RegExp][] = [
    ['not JSON at all', 'a.json', 'hello', /no known format/],
    ['cut in the middle', 'a.json', JSON.stringify(chatSample).slice(0, 150), /ends too early.*a\.json:1:151/],
    ['nested 10,000 deep', 'a.json', deep, /nested more than 256 deep.*a\.json:1:/],
    [
      'another encoding',
      'a.json',
      Buffer.from(`{"messages":[{"role":"user","content":"\u00ff"}]}`, 'latin1'),
      /not UTF-8/,
    ],
    ['an empty file', 'a.json', '', /no known format/],
    ['a wrong shape', 'a.json', '{"messages":"role","x":"\\"role\\""}', /no known format|messages/],
    ['a line that is a list', 'a.jsonl', '[{"role":3}]\n', /the record: .*a\.jsonl:1$/],
  ]
  it.each(cases)('%s gives one clear error, and the other file is imported', async (_name, name, content, error) => {
    const bad = await file(name, content)
    const good = await file('good.json', JSON.stringify(chatSample))
    const report = await run([bad, good])
    expect(report.imported.map((one) => one.source)).toEqual([good])
    expect(report.rejected).toMatchObject([{ path: bad, error: expect.stringMatching(error) as string }])
  })

  it('a document above the limit is refused by its size without being read', async () => {
    const big = await file('big.json', `{"messages":[{"role":"user"`)
    await truncate(big, 2 ** 30)
    const started = performance.now()
    const report = await run([big], { format: 'academiclaw' })
    expect(report.rejected[0]?.error).toMatch(/1073741824 bytes.*import\.too-large/)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  it('a missing path, a folder without anything, and a wrong format name', async () => {
    expect(await run([path.join(folder, 'none')])).toMatchObject({
      imported: [],
      rejected: [{ error: /file\.absent/ }],
    })
    await mkdir(path.join(folder, 'empty'), { recursive: true })
    expect(await run([path.join(folder, 'empty')])).toEqual({ files: [], imported: [], rejected: [], passedOver: [] })
    expect(await importPaths([], { format: 'wizard', store })).toMatchObject({
      ok: false,
      failure: { code: 'import.format' },
    })
  })

  it('a store that cannot be written stops the import as a whole', async () => {
    const refuse = async () => failed({ kind: 'underway' as const, code: 'disk.full', message: 'full' })
    const full = { replace: refuse, supersede: refuse }
    const good = await file('good.json', JSON.stringify(chatSample))
    expect(await importPaths([good], { format: 'auto', store: full })).toMatchObject({
      ok: false,
      failure: { code: 'disk.full' },
    })
  })

  it('nothing that is mutated crashes it', async () => {
    const text = JSON.stringify(chatSample)
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: text.length }),
        fc.nat({ max: 20 }),
        fc.string({ unit: 'binary', maxLength: 8 }),
        async (at, cut, put) => {
          const target = await file('mutated.json', text.slice(0, at) + put + text.slice(at + cut))
          const report = await run([target])
          expect(report.imported.length + report.rejected.length).toBe(1)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('import of an AcademiClaw log', () => {
  const log = {
    task_id: 't',
    model_name: 'm',
    agent_type: 'openclaw',
    messages: [
      { role: 'user', content: 'Do it.', attempt: 1, message_type: 'initial_prompt' },
      { role: 'evaluation', content: 'x', attempt: 1, message_type: 'evaluation_result', metadata: { score: 75 } },
    ],
    execution_traces: [
      {
        attempt: 1,
        trace: {
          turns: [
            {
              role: 'assistant',
              content: '',
              api_call_index: 0,
              tool_calls: [{ id: 'call_function_x', name: 'exec', arguments: '' }],
            },
            { role: 'tool', tool_results: [{ tool_call_id: 'callfunctionx', content: 'ok', is_error: false }] },
            { role: 'assistant', content: 'Done.', api_call_index: 2 },
          ],
          api_calls: [
            { index: 0, model: 'm-1', timestamp: '2026-01-01T00:00:00', duration_ms: 5, response_status: 200 },
            { index: 1, model: 'm-1', response_status: 429 },
          ],
        },
      },
    ],
  }

  it('joins ids without underscores, keeps refused calls as asides, and takes the score from the log itself', async () => {
    const report = await run([await file('t/conversation_log.json', JSON.stringify(log))])
    expect(report.imported).toMatchObject([
      {
        format: 'academiclaw',
        messages: 4,
        toolCalls: 1,
        outcome: 'success',
        oddities: { 'repaired-id': 1, 'unparsable-arguments': 1 },
      },
    ])
    const read = unwrap(await store.read(report.imported[0]!.id))
    expect(read.threads[0]!.messages).toMatchObject([
      { role: 'user', origin: 'human', content: 'Do it.' },
      { role: 'assistant', origin: 'model', time: '2026-01-01T00:00:00', call: { model: 'm-1', durationMs: 5 } },
      { role: 'tool', origin: 'tool', toolCallId: 'call_function_x', isError: false },
      { content: 'Done.' },
    ])
    expect(read.asides).toMatchObject([{ why: 'failed attempt, status 429' }])
    expect(read.outcome).toEqual({ status: 'success', score: 75, max: 100, by: 'source' })
  })

  it('takes the score beside it first, and passes over what is no log', async () => {
    await file('t/conversation_log.json', JSON.stringify(log))
    const scores = { attempts: [{ attempt_index: 1, score: 74.5, timed_out: true }] }
    await file('t/meta_eval.json', JSON.stringify(scores))
    await file('only-scores/meta_eval.json', JSON.stringify(scores))
    const report = await run([folder])
    expect(report.imported).toMatchObject([{ outcome: 'failure' }])
    expect(report.rejected).toEqual([])
    expect(report.passedOver.map((one) => path.basename(one.path))).toEqual(['meta_eval.json', 'meta_eval.json'])
    const read = unwrap(await store.read(report.imported[0]!.id))
    expect(read.outcome).toMatchObject({ score: 74.5, cause: 'timeout' })
    expect(read.source.files).toHaveLength(2)
  })
})

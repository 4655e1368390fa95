import { cpSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, originsOf, type ImportBench } from '../../../../../test/support/import-bench.js'
import { lostScalars } from '../../../../../test/support/session-leaves.js'

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})

/** Written by openhands-sdk 1.58.0 with its `TestLLM`; the system prompt was shortened and the folder renamed. */
const FIXTURE = path.join(import.meta.dirname, 'fixtures/sdk')
const sdkEvents = (): Record<string, unknown>[] =>
  readdirSync(path.join(FIXTURE, 'events'))
    .sort()
    .map((name) => JSON.parse(readFileSync(path.join(FIXTURE, 'events', name), 'utf8')) as Record<string, unknown>)

describe('events that the SDK wrote', () => {
  it('are one session: parallel calls are one answer, errors are results, the state gives the model', async () => {
    cpSync(FIXTURE, bench.folder, { recursive: true })
    const { read, report } = await bench.only(bench.folder)
    expect(originsOf(read)).toEqual([
      'system agent',
      'user human',
      'assistant model',
      'tool tool',
      'tool tool',
      'assistant model',
      'tool tool',
      'assistant model',
      'tool tool',
    ])
    const { messages } = read.threads[0]!
    expect(messages[2]).toMatchObject({
      content: 'I think.',
      reasoning: { text: 'hmm', kind: 'full' },
      toolCalls: [
        { id: 'c1', name: 'think' },
        { id: 'c2', name: 'think' },
      ],
      call: { model: 'test/model' },
    })
    expect(messages[6]).toMatchObject({ toolCallId: 'c3', isError: true })
    expect(read.tools[messages[2]!.call!.tools!]!.map((one) => one.name)).toEqual(['finish', 'think'])
    const kinds = sdkEvents().map((one) => one['kind'])
    expect(report.imported[0]!.toolCalls).toBe(kinds.filter((kind) => kind === 'ActionEvent').length)
    expect(report.imported[0]!.oddities).toEqual({ 'missing-final-answer': 1 })
    expect(lostScalars(sdkEvents(), read)).toEqual([])
  })

  it('a condensation rebuilds the context, a step back is a branch', async () => {
    const events = sdkEvents()
    const idAt = (at: number): string => events[at]!['id'] as string
    const condensed = {
      kind: 'Condensation',
      id: 'cond',
      source: 'environment',
      forgotten_event_ids: [2, 3, 4, 5].map(idAt),
      summary: 'It thought.',
      summary_offset: 2,
      llm_response_id: 'r',
    }
    const said = { kind: 'MessageEvent', id: 'last', source: 'user', llm_message: { role: 'user', content: [] } }
    const source = [...events.slice(0, 6), condensed, { ...said, id: 'a' }, { ...said, parent_id: idAt(1) }]
    const { read } = await bench.only(await bench.put('trajectory.json', source))
    expect(read.threads).toMatchObject([
      { id: 'main', messages: { length: 5 } },
      { parent: { thread: 'main', message: idAt(5), relation: 'compaction' } },
      { parent: { thread: 'main', message: idAt(1), relation: 'edit' }, messages: [{ id: 'last' }] },
    ])
    expect(originsOf(read, 1)).toEqual(['system rebuilt', 'user rebuilt', 'user rebuilt', 'user human'])
    expect(lostScalars(source, read)).toEqual([])
  })

  it('are imported or rejected, whatever is mutated in them', async () => {
    const text = JSON.stringify(sdkEvents())
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.nat(20),
        fc.constantFrom('', '5', 'null', '{}', '[]', '"'),
        async (at, cut, by) => {
          const report = await bench.run(await bench.put('mutated.json', text.slice(0, at) + by + text.slice(at + cut)))
          expect(report.imported.length + report.rejected.length).toBe(1)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('of wrong types are rejected, not thrown at', async () => {
    const fields = [
      'thought',
      'tool_call',
      'tools',
      'llm_message',
      'observation',
      'extended_content',
      'thinking_blocks',
    ]
    for (const name of fields) {
      const source = sdkEvents().map((one) => (name in one ? { ...one, [name]: 5 } : one))
      const report = await bench.run(await bench.put('wrong.json', source))
      expect(report.rejected).toMatchObject([{ error: expect.stringContaining('import.invalid') as string }])
    }
  })
})

import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { chatSample } from '../../../../test/support/chat-sample.js'
import { importBench, type ImportBench } from '../../../../test/support/import-bench.js'
import { unwrap } from '../../../nouns/index.js'
import type { TrajectoryStore } from '../store/index.js'
import type { ImportOptions, ImportReport } from './index.js'

let store: TrajectoryStore
let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
  store = bench.store
})

const file = (name: string, content: string | Uint8Array): Promise<string> => bench.put(name, content)
const run = (paths: string[], more: Partial<ImportOptions> = {}): Promise<ImportReport> => bench.run(paths, more)

describe('every format alike', () => {
  it('a value that no trajectory can hold refuses its record alone, and what is imported reads back whole', async () => {
    const odd = {
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 'y', weight: 'WEIGHT' },
      ],
    }
    const deep = { ...chatSample, deep: JSON.parse(`${'['.repeat(250)}${']'.repeat(250)}`) as unknown }
    const long = { messages: [{ role: 'user', content: 'long '.repeat(14 << 20) }] }
    const text = [chatSample, odd, deep]
      .map((one) => JSON.stringify(one))
      .join('\n')
      .replace('"WEIGHT"', '1e999')
    const report = await run([await file('a.jsonl', text), await file('long.json', JSON.stringify(long))])
    expect(report.imported.length + report.rejected.length).toBe(4)
    expect(report.imported.length).toBeGreaterThanOrEqual(3)
    for (const { id, messages } of report.imported) {
      const read = unwrap(await store.read(id))
      expect([read.complete, read.threads[0]?.messages.length]).toEqual([true, messages])
    }
  })

  it('a format that is not the one of a file is refused where another is sure of it', async () => {
    const atif = { schema_version: 'ATIF-v1.5', session_id: 's', agent: { name: 'a', version: '1' }, steps: [] }
    const report = await run([await file('a.json', JSON.stringify(atif))], { format: 'swe-agent' })
    expect(report).toMatchObject({
      imported: [],
      rejected: [{ error: expect.stringMatching(/another-format/) as string }],
    })
  })

  it('a record without messages is no trajectory', async () => {
    const empty = await file('empty.traj', JSON.stringify({ history: [], trajectory: [], info: {} }))
    const report = await run([empty])
    expect(report.imported).toEqual([])
    expect(report.rejected).toHaveLength(1)
  })

  it('a second import keeps a licence that only the first named, and says what it replaced', async () => {
    const given = await file('a.json', JSON.stringify(chatSample))
    const [first] = (await run([given], { licence: 'MIT' })).imported
    const [second] = (await run([given])).imported
    const [third] = (await run([given], { licence: 'Apache-2.0' })).imported
    expect([first?.placed, second?.placed, third?.placed]).toEqual(['new', 'kept', 'replaced'])
    expect(unwrap(await store.read(first!.id)).licence).toBe('Apache-2.0')
  })

  it('one file under two names is read once', async () => {
    const given = await file('a.json', JSON.stringify(chatSample))
    expect(
      (await run([given, path.join(path.dirname(given), '..', 'in', 'a.json'), path.dirname(given)])).imported,
    ).toHaveLength(1)
  })
})

import { mkdir, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, type ImportBench } from '../../../../../test/support/import-bench.js'

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})

const said = (id: string, more: object = {}): object => ({
  kind: 'MessageEvent',
  id,
  source: 'user',
  llm_message: { role: 'user', content: [{ type: 'text', text: 'x'.repeat(200) }] },
  ...more,
})
const condensed = (id: string, more: object = {}): object => ({
  kind: 'Condensation',
  id,
  source: 'environment',
  forgotten_event_ids: [],
  summary: 'S',
  ...more,
})

async function storedBytes(): Promise<number> {
  const store = path.join(path.dirname(bench.folder), 'trajectories')
  const names = (await readdir(store, { withFileTypes: true, recursive: true })).filter((one) => one.isFile())
  const sizes = names.map(async (one) => (await stat(path.join(one.parentPath, one.name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

describe('a session of many condensations', () => {
  it('is bounded in what it makes, and copies are named after what they are copies of', async () => {
    const source = Array.from({ length: 300 }, (_, at) => [said(`s${at}`), condensed(`c${at}`)]).flat()
    const text = JSON.stringify(source)
    const { read, report } = await bench.only(await bench.put('trajectory.json', text))
    expect(await storedBytes()).toBeLessThan((1 << 20) + 40 * text.length)
    expect(report.imported[0]!.oddities['lost-kept-history']).toBeGreaterThan(0)
    const ids = read.threads.flatMap(({ messages }) => messages.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => id.split('compaction').length > 2)).toEqual([])
    expect(ids).toContain('compaction:3:s0')
  })

  it('may go back ten thousand times', async () => {
    const start = [said('a'), said('b')]
    const source = Array.from({ length: 10_000 }, (_, at) => said(`s${at}`, { parent_id: at % 2 === 0 ? 'b' : 'a' }))
    const began = performance.now()
    const { read } = await bench.only(await bench.put('trajectory.json', [...start, ...source]))
    expect(read.threads).toHaveLength(10_000)
    expect(performance.now() - began).toBeLessThan(15_000)
  }, 30_000)
})

describe('a folder of events', () => {
  const nameAt = (at: number): string => `event-${String(at).padStart(5, '0')}-aaaaaaaa.json`

  it('of thousands is found in seconds', async () => {
    await mkdir(path.join(bench.folder, 'events'), { recursive: true })
    for (let at = 0; at < 1500; at += 1) {
      await writeFile(path.join(bench.folder, 'events', nameAt(at)), JSON.stringify(said(`s${at}`)))
    }
    const began = performance.now()
    expect((await bench.run(bench.folder)).imported).toMatchObject([{ messages: 1500 }])
    expect(performance.now() - began).toBeLessThan(8000)
  }, 30_000)

  it('reads no link and no pipe that lies in it, nor one beside it', async () => {
    for (const at of [0, 1]) await bench.put(`events/${nameAt(at)}`, said(`s${at}`))
    const outside = await bench.put('../outside.json', said('secret'))
    await symlink(outside, path.join(bench.folder, 'events', nameAt(2)))
    const first = path.join(bench.folder, 'events', nameAt(0))
    expect((await bench.only(first)).read.threads[0]!.messages.map(({ id }) => id)).toEqual(['s0', 's1'])
    await symlink(outside, path.join(bench.folder, 'base_state.json'))
    expect((await bench.run(first)).rejected[0]!.error).toContain('this is a link')
    await rename(path.join(bench.folder, 'base_state.json'), path.join(bench.folder, 'other'))
    expect((await bench.run(first)).rejected).toEqual([])
  })
})

it.each([
  ['anthropic/claude-sonnet-4-20250514', 'summary'],
  ['claude-3-7-sonnet-20250219', 'full'],
])('thinking of %s is a %s', async (model, kind) => {
  const message = { role: 'assistant', content: 'a', thinking_blocks: [{ thinking: 't', signature: 's' }] }
  const tool_call_metadata = {
    tool_call_id: 'c1',
    function_name: 'f',
    model_response: { id: 'r', model, choices: [{ message }] },
  }
  const acted = { id: 1, source: 'agent', action: 'run', args: {}, timestamp: '2026-01-01', tool_call_metadata }
  const { read } = await bench.only(await bench.put('trajectory.json', [acted]))
  expect(read.threads[0]!.messages[0]!.reasoning).toEqual({ text: 't', kind, signature: 's' })
})

import { readdirSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { line as claude } from '../../../../test/support/claude-code-session.js'
import { meta, said } from '../../../../test/support/codex-rollout.js'
import { importBench } from '../../../../test/support/import-bench.js'
import { claudeCode } from './claude-code/index.js'
import { codex } from './codex/index.js'
import { Family, rememberFolders } from './family.js'
import { readHead } from './head.js'

const spawned = (id: string, parent: string): object =>
  meta({ id, source: { subagent: { thread_spawn: { parent_thread_id: parent } } } })

it('lists descendants, parents first, and leaves out what leads back', () => {
  const of = (id: string, parent?: string) => ({ id, parent })
  const family = new Family([
    of('c', 'b'),
    of('b', 'a'),
    of('a'),
    of('x', 'y'),
    of('y', 'x'),
    of('z', 'x'),
    of('s', 's'),
  ])
  expect(family.descendantsOf('a').map(({ id }) => id)).toEqual(['b', 'c'])
  expect(family.descendantsOf('x').map(({ id }) => id)).toEqual(['z'])
  expect(family.descendantsOf('s')).toEqual([])
})

it('looks at a folder once, and again when it has changed', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limi-family-'))
  let looks = 0
  const names = rememberFolders(async (one) => {
    looks += 1
    return readdirSync(one)
  })
  expect([await names(folder), await names(folder), looks]).toEqual([[], [], 1])
  await new Promise((resolve) => setTimeout(resolve, 20))
  await writeFile(path.join(folder, 'a'), '')
  expect([await names(folder), looks]).toEqual([['a'], 2])
})

it('two rollouts of Codex that name each other as parent are both imported', async () => {
  const bench = await importBench()
  await bench.put('rollout-a.jsonl', [spawned('a', 'b'), said('user', 'One'), said('assistant', '1')])
  await bench.put('rollout-b.jsonl', [spawned('b', 'a'), said('user', 'Two'), said('assistant', '2')])
  expect((await bench.run(bench.folder)).imported).toHaveLength(2)
})

it('two sessions of opencode that name each other as parent are both imported', async () => {
  const bench = await importBench()
  for (const [id, parentID] of [
    ['ses_a', 'ses_b'],
    ['ses_b', 'ses_a'],
  ] as const) {
    await bench.put(`storage/session/p/${id}.json`, { id, directory: '/w', parentID })
    await bench.put(`storage/message/${id}/msg_${id.at(-1)}.json`, { id: `msg_${id.at(-1)}`, role: 'user' })
  }
  expect((await bench.run(bench.folder)).imported).toHaveLength(2)
})

it('endings in capitals are endings, also of the files beside', async () => {
  const bench = await importBench()
  await bench.put('agent-b7.JSONL', [claude('user', 'b1', null, 'Look')])
  const file = await bench.put('s1.JSONL', [claude('user', 'u1', null, 'One')])
  expect(await claudeCode.partsOf?.(await readHead(file))).toEqual([path.join(bench.folder, 'agent-b7.JSONL')])
})

it('the parts of hundreds of rollouts in one folder are found in the time of one look', async () => {
  const bench = await importBench()
  const files: string[] = []
  for (let at = 0; at < 400; at += 1)
    files.push(await bench.put(`rollout-${at}.jsonl`, [spawned(`s${at}`, `s${at >> 1}`)]))
  const heads = await Promise.all(files.map(readHead))
  const started = performance.now()
  let parts = 0
  for (const head of heads) parts += (await codex.partsOf?.(head))?.length ?? 0
  // Every session but the first, which names itself, is a part of each of its forebears but that one.
  expect(parts).toBeGreaterThan(399)
  expect(performance.now() - started).toBeLessThan(2000)
})

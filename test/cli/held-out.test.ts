import { readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Selection } from '../../src/nouns/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { writeTinyModel } from '../support/model.js'
import { writeProject } from '../support/project.js'

const limi = limiForTests()
const root = path.join(limi.place, 'held out ü')
let model = ''
let best: string[] = []

/** Six queries, each answered twice; `best` teaches three answers of the first campaign. */
beforeAll(async () => {
  await writeProject(root, { count: 6 })
  model = `dir:${await writeTinyModel(path.join(limi.place, 'tiny model'))}`
  for (const name of ['pool', 'again']) await limi.run(root, 'collect', '--agent', 'shell', '--name', name)
  best = ids(await curate('best', '--campaign', 'pool', '--count', '3'))
  await build('best')
})

const curate = async (name: string, ...more: readonly string[]): Promise<Selection> =>
  (await limi.json<Selection>(root, 'curate', '--name', name, ...more)).data
const build = (name: string) => limi.run(root, 'dataset', 'build', '--selection', name, '--model', model)
const train = (heldOut: string) =>
  limi.run(root, ...['train', '--dataset', 'best', '--held-out', heldOut, '--steps', '0', '--run', `with-${heldOut}`])
const ids = ({ chosen }: Selection): string[] => chosen.map(({ trajectory }) => trajectory)
const queryOf = (id: string): string => id.replace(/^(?:pool|again)-/u, '')

describe('limi curate --without', () => {
  it('leaves out what was taught with all other answers to its queries, says so, and trains without handwork', async () => {
    const rest = await curate('rest', '--without', 'best', '--method', 'good')
    const taught = new Set(best.map(queryOf))
    expect(ids(rest)).toHaveLength(6)
    expect(ids(rest).filter((id) => taught.has(queryOf(id)))).toEqual([])
    const details = rest.excluded.map(({ reason, detail }) => `${reason}: ${detail ?? ''}`).sort()
    expect(details).toEqual(
      best.flatMap((id) => ['taught: it is in best', `taught: it answers the query of ${id} in best`]).sort(),
    )
    const file = path.join(root, 'selections/rest.yaml')
    const before = await readFile(file, 'utf8')
    const again = await limi.run(root, 'curate', '--name', 'rest', '--without', 'best', '--method', 'good')
    expect(again.stdout).toBe('6 chosen, 6 left out  → selections/rest.yaml\n      6  taught')
    expect(await readFile(file, 'utf8')).toBe(before)
    await build('rest')
    expect((await train('rest')).code).toBe(0)
  })

  it('follows the other selection where that has changed since', async () => {
    const first = ids(await curate('moving', '--campaign', 'pool', '--count', '1', '--seed', '1'))
    const without = () => curate('follower', '--without', 'moving', 'best', '--campaign', 'pool', '--method', 'good')
    const before = ids(await without())
    expect(before).not.toContain(first[0])
    const [next = ''] = before
    await curate('moving', '--campaign', 'pool', '--method', 'all')
    expect(ids(await without())).not.toContain(next)
  })

  it('refuses itself, a selection that is not there, and one of which nobody knows any more what it teaches', async () => {
    const refused = (...without: readonly string[]) =>
      limi.run(root, 'curate', '--name', 'refused', '--without', ...without)
    expectRefusal(await refused('best', 'refused'), { code: 'selection.without-itself', what: /refused/ })
    expectRefusal(await refused('none'), { code: 'selection.absent', what: /none/ })
    const file = path.join(root, `trajectories/${best[0] ?? ''}.jsonl`)
    await rename(file, `${file}.away`)
    expectRefusal(await refused('best'), {
      code: 'selection.stale',
      what: /is gone/,
      todo: /bring the trajectory back/,
    })
    await rename(`${file}.away`, file)
  })
})

describe('limi train --held-out', () => {
  it('refuses other answers to the queries that it teaches', async () => {
    await curate('retold', '--campaign', 'again')
    await build('retold')
    expectRefusal(await train('retold'), {
      code: 'held-out.overlap',
      what: /3 held-out trajectories share what best teaches: again-\S+ \(it answers the query of pool-/,
      where: /retold/,
      todo: /limi curate --name retold --without best/,
    })
    expectRefusal(await train('best'), { code: 'held-out.overlap', what: /it is in best/, todo: /--name held-out/ })
  })

  it('says where the project has lost what it would have to ask', async () => {
    const file = path.join(root, `trajectories/${best[0] ?? ''}.jsonl`)
    await rename(file, `${file}.away`)
    const trained = await limi.run(root, 'train', '--dataset', 'best', '--held-out', 'rest', '--steps', '0')
    expect([trained.code, trained.stderr]).toEqual([
      0,
      expect.stringMatching(/^warning: best: 1 trajectory is no longer in this project/mu),
    ])
    await rename(`${file}.away`, file)
  })
})

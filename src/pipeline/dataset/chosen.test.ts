import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { unwrap, type Selection } from '../../nouns/index.js'
import { openProject } from '../../shared/project/index.js'
import { trajectoryOf } from '../../stages/dataset/testing/oracle.js'
import { contentDigest, trajectoryStore, type TrajectoryStore } from '../../stages/trajectories/index.js'
import { among, chosenTrajectories, inStore } from './chosen.js'
import { buildInto, type BuildPlan } from './dataset.js'
import type { Run } from '../run.js'

const TINY_MODEL = path.resolve(import.meta.dirname, '../../stages/dataset/testing/tiny')

const IDS = ['a', 'b', 'c']
const talk = (id: string, answer = 'hi') =>
  trajectoryOf(id, [
    { role: 'user', content: `hello ${id}` },
    { role: 'assistant', content: answer },
  ])

const selection: Selection = {
  format: 'limi.selection/1',
  name: 'all',
  made: { inputs: {}, parameters: {}, versions: {} },
  chosen: IDS.map((id) => ({ trajectory: id, digest: contentDigest(talk(id)), cell: '' })),
  excluded: [],
}

let run: Run
let store: TrajectoryStore
let plan: BuildPlan
beforeEach(async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'limi-chosen-ü '))
  await writeFile(path.join(root, 'limi.yaml'), 'models: {}\n')
  const project = unwrap(await openProject(root))
  store = trajectoryStore(project.paths.trajectories)
  for (const id of IDS) unwrap(await store.write(talk(id)))
  await cp(TINY_MODEL, path.join(root, 'model'), { recursive: true })
  await writeFile(path.join(root, 'model', 'config.json'), '{}')
  await writeFile(path.join(root, 'model', 'model.safetensors'), '')
  run = { project, say: () => undefined, warn: () => undefined }
  plan = { name: 'd', selection, find: inStore(run), model: `dir:${path.join(root, 'model')}`, maxTokens: 1000 }
})

it('reads one trajectory when it is asked for, and not before', async () => {
  const read: string[] = []
  const find = inStore(run)
  const chosen = unwrap(
    await chosenTrajectories(run, selection, (id) => {
      read.push(id)
      return find(id)
    }),
  )
  expect(read).toEqual([])
  for await (const { id } of chosen) expect(read.at(-1)).toBe(id)
  expect(read).toEqual(IDS)
})

it('makes the same dataset of what lies in the folder and of what was read before', async () => {
  const fromStore = unwrap(await buildInto(run, plan))
  await rm(path.join(run.project.paths.datasets, 'd'), { recursive: true })
  const members = IDS.map((id) => ({ trajectory: talk(id), digest: contentDigest(talk(id)) }))
  const fromPool = unwrap(await buildInto(run, { ...plan, find: among(members) }))
  expect(fromPool.value.digest).toBe(fromStore.value.digest)
})

describe('a chosen trajectory that is not what it was', () => {
  const gone = async (): Promise<void> => rm(path.join(run.project.paths.trajectories, 'b.jsonl'))
  const changed = async (): Promise<void> => {
    unwrap(await store.write(talk('b', 'something else')))
  }
  const damaged = (): Promise<void> => writeFile(path.join(run.project.paths.trajectories, 'b.jsonl'), 'no header\n')
  const stale = { ok: false, failure: { code: 'selection.stale', message: expect.stringContaining('trajectory b') } }

  it.each([
    ['gone', gone],
    ['changed', changed],
    ['damaged', damaged],
  ])('%s: nothing is made', async (_name, spoil) => {
    await spoil()
    expect(await buildInto(run, plan)).toMatchObject(stale)
  })

  it.each([
    ['gone', gone],
    ['changed', changed],
  ])('%s: and what was made before is not kept in silence', async (_name, spoil) => {
    unwrap(await buildInto(run, plan))
    expect(unwrap(await buildInto(run, plan)).kept).toBe(true)
    await spoil()
    expect(await buildInto(run, plan)).toMatchObject(stale)
  })
})

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { FailureError, unwrap, type Message, type Selection, type Trajectory } from '../../nouns/index.js'
import { openProject } from '../../shared/project/index.js'
import { readSamples } from '../../stages/dataset/index.js'
import { trajectoryStore } from '../../stages/trajectories/index.js'
import type { Run } from '../run.js'
import { buildProjectDataset, checkProjectDataset, curateProject } from '../steps.js'

const TINY_MODEL = path.resolve(import.meta.dirname, '../../stages/dataset/testing/tiny')

const say = (id: string, role: Message['role'], content: string): Message => ({
  id,
  role,
  origin: role === 'user' ? 'human' : 'model',
  content,
})

const trajectory = (id: string): Trajectory => ({
  format: 'limi.trajectory/1',
  id,
  source: { kind: 'built-in', agent: 'a', model: 'm' },
  tags: {},
  threads: [
    {
      id: 'main',
      messages: [
        say('u1', 'user', 'go'),
        say('a1', 'assistant', 'wrong'),
        say('u2', 'user', 'no'),
        say('a2', 'assistant', 'right'),
        say('u3', 'user', 'more'),
        say('a3', 'assistant', 'done'),
      ],
    },
  ],
  asides: [],
  tools: {},
  rounds: [],
  outcome: { status: 'success', by: 'checks' },
  complete: true,
})

let run: Run
let model: string
beforeEach(async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'limi-reviewed-ü '))
  await writeFile(path.join(root, 'limi.yaml'), 'models: {}\n')
  const project = unwrap(await openProject(root))
  const store = trajectoryStore(project.paths.trajectories)
  for (const id of ['one', 'two']) unwrap(await store.write(trajectory(id)))
  await mkdir(project.paths.reviews)
  await cp(TINY_MODEL, path.join(root, 'model'), { recursive: true })
  await writeFile(path.join(root, 'model', 'config.json'), '{}')
  await writeFile(path.join(root, 'model', 'model.safetensors'), '')
  model = `dir:${path.join(root, 'model')}`
  run = { project, say: () => undefined, warn: () => undefined }
})

const review = (id: string, ...messages: string[]): Promise<void> =>
  writeFile(
    path.join(run.project.paths.reviews, `${id}.yaml`),
    `format: limi.review/1\ntrajectory: ${id}\nmessages:\n${messages.map((one) => `  - ${one}\n`).join('')}`,
  )
const curate = (): Promise<Selection> => curateProject(run, { name: 's', method: 'all' }, 0)
const build = () => buildProjectDataset(run, { name: 'd', selection: 's', model, maxTokens: 10_000, overflow: 'error' })

describe('a review', () => {
  it('is written into the selection, and the dataset obeys it', async () => {
    await review(
      'one',
      '{message: a1, use: context}',
      '{message: u3, use: cut, why: off the point}',
      '{message: a3, use: cut}',
    )
    const selection = await curate()
    expect(selection.chosen.find((one) => one.trajectory === 'one')?.messages).toMatchObject([
      { message: 'a1', use: 'context' },
      { message: 'u3', use: 'cut', why: 'off the point' },
      { message: 'a3', use: 'cut' },
    ])
    const manifest = unwrap(await build())
    expect(manifest.notes).toContainEqual({
      sample: 'one',
      code: 'cut-by-review',
      message: 'messages are cut by its review: u3 (off the point), a3',
    })
    const folder = path.join(run.project.paths.datasets, 'd')
    const proof = JSON.parse(await readFile(path.join(folder, 'proof.json'), 'utf8')) as {
      samples: { spans: { message: string }[]; messages: object[] }[]
    }
    expect(proof.samples.map(({ spans }) => spans.map(({ message }) => message))).toEqual([['a2'], ['a1', 'a2', 'a3']])
    expect(proof.samples[0]?.messages).toEqual([{ from: 'u1', to: 'a2' }])
    const [one, two] = unwrap(await readSamples(folder))
    expect(one!.input_ids.length).toBeLessThan(two!.input_ids.length)
    expect(unwrap(await checkProjectDataset(run, 'd'))).toEqual({ status: 'ok', samples: 2 })
  })

  it('that changed makes the selection stale, and curating again makes it anew', async () => {
    const before = await curate()
    await review('one', '{message: a1, use: context}')
    expect(await build()).toMatchObject({ ok: false, failure: { code: 'selection.stale' } })
    expect(await curate()).not.toEqual(before)
    unwrap(await build())
    await review('one', '{message: a2, use: context}')
    expect(await checkProjectDataset(run, 'd')).toMatchObject({ ok: false, failure: { code: 'selection.stale' } })
    await rm(path.join(run.project.paths.reviews, 'one.yaml'))
    expect((await curate()).chosen).toEqual(before.chosen)
  })

  it('that the dataset does not obey is found by the check', async () => {
    await curate()
    unwrap(await build())
    await review('two', '{message: a2, use: context}')
    await curate()
    const checked = unwrap(await checkProjectDataset(run, 'd'))
    expect(checked).toMatchObject({ status: 'failed', firstDifference: { where: 'two' } })
    expect(checked.firstDifference?.what).toMatch(/^labels\[\d+\]: \d+ is stored, -100 is right$/)
  })

  it.each([
    ['review.trajectory-unknown', 'three', '{message: a1, use: cut}', 'reviews/three.yaml'],
    ['review.message-unknown', 'one', '{message: a9, use: cut}', 'reviews/one.yaml:4'],
    ['review.not-emitted', 'one', '{message: u1, use: train}', 'reviews/one.yaml:4'],
  ])('%s is an error with file and place', async (code, id, entry, where) => {
    await review(id, entry)
    const failure = await curate().then(
      () => null,
      (error: unknown) => (error instanceof FailureError ? error.failure : error),
    )
    expect(failure).toMatchObject({ code, where, kind: 'input' })
  })
})

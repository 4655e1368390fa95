import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { trajectoryOf } from '../../../test/support/trajectory.js'
import { unwrap, type Message } from '../../nouns/index.js'
import { openProject } from '../../shared/project/index.js'
import { trajectoryStore } from '../../stages/trajectories/index.js'
import { anyFile } from '../out-place.js'
import type { Run } from '../run.js'
import { showDataset } from './show.js'
import { buildProjectDataset, curateProject } from '../steps.js'

const say = (id: string, role: Message['role'], content: string): Message => ({
  id,
  role,
  origin: role === 'user' ? 'human' : 'model',
  content,
})

const trajectory = trajectoryOf(
  't1',
  [
    say('u1', 'user', 'go'),
    say('a1', 'assistant', 'a wrong turn'),
    say('u2', 'user', 'no'),
    say('a2', 'assistant', 'right'),
  ],
  { tags: { category: 'research' } },
)

async function builtProject(review: string): Promise<Run> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'limi-show-ü '))
  await writeFile(path.join(root, 'limi.yaml'), 'models: {}\n')
  await mkdir(path.join(root, 'reviews'))
  await writeFile(path.join(root, 'reviews', 't1.yaml'), review)
  await cp(path.resolve(import.meta.dirname, '../../stages/dataset/testing/tiny'), path.join(root, 'model'), {
    recursive: true,
  })
  await writeFile(path.join(root, 'model', 'config.json'), '{}')
  await writeFile(path.join(root, 'model', 'model.safetensors'), '')
  const project = unwrap(await openProject(root))
  const run: Run = { project, say: () => undefined, warn: () => undefined }
  unwrap(await trajectoryStore(project.paths.trajectories).write(trajectory))
  await curateProject(run, { name: 'curated', method: 'all' }, 0)
  const model = `dir:${path.join(root, 'model')}`
  unwrap(await buildProjectDataset(run, { name: 'd', selection: 'curated', model, maxTokens: 1000, overflow: 'error' }))
  return run
}

const REVIEW = `format: limi.review/1
trajectory: t1
messages:
  - { message: a1, use: cut, why: it is wrong }
  - { message: u2, use: cut }
`

it('a sample is shown as its review had it taught, with what was cut where it stood', async () => {
  const run = await builtProject(REVIEW)
  const html = path.join(run.project.root, 'sample.html')
  const shown = unwrap(await showDataset(run, { id: 't1' }))
  const { segments } = shown.data as {
    segments: { message: string | null; cut?: string; tokens: { trains: boolean }[] }[]
  }
  const view = segments.map(({ message, cut, tokens }) => [message, cut, tokens.some(({ trains }) => trains)])
  expect(view.filter(([message]) => message !== null)).toEqual([
    ['u1', undefined, false],
    ['a1', 'a wrong turn', false],
    ['u2', 'no', false],
    ['a2', undefined, true],
  ])
  expect(shown.text).toContain('cut by its review')
  unwrap(await showDataset(run, { id: 'd', sample: 't1', html }))
  expect(await readFile(html, 'utf8')).toContain('<span class="cut">a wrong turn</span>')
  unwrap(await showDataset(run, { id: 'd', html }))
  const config = path.join(run.project.root, 'limi.yaml')
  const over = { id: 'd', html: config }
  expect(await showDataset(run, over)).toMatchObject({ ok: false, failure: { code: 'export.occupied', where: config } })
  unwrap(await showDataset(run, { ...over, mayReplace: anyFile }))
})

it('a dataset is shown by category and length; what is neither dataset nor sample is an error', async () => {
  const run = await builtProject('format: limi.review/1\ntrajectory: t1\n')
  const shown = unwrap(await showDataset(run, { id: 'd' }))
  expect(shown.data).toMatchObject({
    samples: [{ id: 't1', category: 'research' }],
    categories: [{ name: 'research', samples: 1 }],
    proof: 'ok',
  })
  expect(await showDataset(run, { id: 'nothing' })).toMatchObject({ ok: false, failure: { code: 'dataset.absent' } })
  expect(await showDataset(run, { id: 'd', sample: 'x' })).toMatchObject({ failure: { code: 'sample.absent' } })
})

it('a sample that several datasets hold is shown of one, and the others are named', async () => {
  const run = await builtProject('format: limi.review/1\ntrajectory: t1\n')
  const warned: string[] = []
  const plan = { selection: 'curated', model: `dir:${path.join(run.project.root, 'model')}`, maxTokens: 1000 }
  unwrap(await buildProjectDataset(run, { ...plan, name: 'e', overflow: 'error' }))
  unwrap(await showDataset({ ...run, warn: (line) => void warned.push(line) }, { id: 't1' }))
  expect(warned).toEqual(['this is t1 of the dataset d; it is also in e'])
})

it('a selection that is not there is told as such, with the command that makes it', async () => {
  const run = await builtProject('format: limi.review/1\ntrajectory: t1\n')
  const plan = { name: 'f', model: `dir:${path.join(run.project.root, 'model')}`, maxTokens: 1000 }
  const refused = await buildProjectDataset(run, { ...plan, selection: 'none', overflow: 'error' })
  const remedy = expect.stringContaining('limi curate --name none')
  expect(refused).toMatchObject({ ok: false, failure: { kind: 'input', code: 'selection.absent', remedy } })
  await rm(path.join(run.project.paths.selections, 'curated.yaml'))
  expect(await showDataset(run, { id: 'd', sample: 't1' })).toMatchObject({ failure: { code: 'selection.absent' } })
})

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import {
  Recipe,
  unwrap,
  type Checkpoint,
  type DatasetManifest,
  type Query,
  type Selection,
} from '../../src/nouns/index.js'
import { serveModel, type ServedModel } from '../../src/shared/wire/index.js'
import { writeManifest } from '../../src/shared/project/index.js'
import { modelSaying } from '../../src/shared/scoring/judge/testing/sheets.js'
import type { ShownEvaluation } from '../../src/stages/evaluation/index.js'
import { limiForTests } from '../support/cli.js'
import { writeTinyModel } from '../support/model.js'
import { writeProject } from '../support/project.js'

const limi = limiForTests()
const root = path.join(limi.place, 'taught ü')
let served: ServedModel
let said: Query
let begun: Query
let spared: Query
let teachers: Readonly<Record<string, string>> = {}

const task = (id: string, request: string, files: Readonly<Record<string, string>>) =>
  writeFile(
    path.join(root, 'bench', `${id}.yaml`),
    stringify({ format: 'limi.task/1', id, request, files, checks: [{ kind: 'file', id: 'f', path: 'never.txt' }] }),
  )

/** A checkpoint whose weights a service keeps, trained on a dataset. */
async function writeCheckpoint(id: string, dataset: DatasetManifest, base: string): Promise<void> {
  const recipe = { name: 'r', method: 'full', learningRate: 1, schedule: 'cosine', warmup: 0, batchSize: 1, steps: 1 }
  const checkpoint: Checkpoint = {
    format: 'limi.manifest/1',
    kind: 'checkpoint',
    id,
    created: new Date().toISOString(),
    made: { inputs: {}, parameters: {}, versions: {} },
    digest: id,
    engine: 'hosted',
    base: { name: base, digest: 'b' },
    dataset: { id: dataset.id, digest: dataset.digest, proof: 'ok' },
    recipe: Recipe.parse(recipe),
    ...{ steps: 1, tokens: 1, seconds: 1, loss: [], hardware: {} },
    hosted: { baseUrl: served.baseUrl, model: served.modelName, job: 'j' },
  }
  unwrap(await writeManifest(path.join(root, 'training', id), checkpoint))
}

/** `tuned` was taught four queries of six, `deeper` was trained from it on a fifth. */
beforeAll(async () => {
  const queries = await writeProject(root, { count: 6 })
  const model = `dir:${await writeTinyModel(path.join(limi.place, 'tiny model'))}`
  await limi.run(root, 'collect', '--agent', 'shell', '--name', 'pool')
  const datasetOf = async (name: string, ...options: string[]) => {
    const { data } = await limi.json<Selection>(root, 'curate', '--name', name, ...options)
    await limi.run(root, 'dataset', 'build', '--selection', name, '--model', model)
    const manifest = await readFile(path.join(root, 'datasets', name, 'manifest.json'), 'utf8')
    return { ids: data.chosen.map(({ trajectory }) => trajectory), manifest: JSON.parse(manifest) as DatasetManifest }
  }
  const best = await datasetOf('best', '--count', '4')
  const more = await datasetOf('more', '--without', 'best', '--count', '1')
  served = unwrap(await serveModel(modelSaying('tuned', () => 'Done.')))
  await writeCheckpoint('tuned', best.manifest, 'hub:base')
  await writeCheckpoint('deeper', more.manifest, 'checkpoint:tuned')

  const taught = best.ids.map((id) => queries.find((query) => id === `pool-${query.id}`)!)
  teachers = Object.fromEntries(taught.map(({ id }) => [id, `pool-${id}`]))
  const withFiles = taught.filter(({ start }) => Object.keys(start.files).length > 0)
  ;[said, begun] = [withFiles[0]!, withFiles[1]!]
  spared = queries.find(({ id }) => more.ids.includes(`pool-${id}`))!
  await mkdir(path.join(root, 'bench'))
  await task('said', said.request.toUpperCase(), { 'other.txt': 'x' })
  await task('begun', 'Tell me a story of these files, a long one.', begun.start.files)
  await task('spared', spared.request, {})
  await task('fresh', 'Knit a pullover for the whale of the harbour master.', { 'yarn.txt': 'red' })
})

afterAll(() => served.close())

const run = (model: string, id: string) =>
  limi.json<ShownEvaluation>(
    root,
    ...['eval', 'run', './bench', '--agent', 'shell', '--rounds', '1', '--model', model, '--id', id],
  )

describe('limi eval run of a checkpoint', () => {
  it('tells which tasks it was taught, before and after, and keeps it', async () => {
    const { data, stderr } = await run('checkpoint:tuned', 'tuned')
    expect(data.taught).toEqual({
      checkpoints: ['tuned'],
      datasets: ['best'],
      trajectories: 4,
      tasks: 4,
      prompt: [{ task: 'said', trajectory: teachers[said.id] }],
      workspace: [{ task: 'begun', trajectory: teachers[begun.id] }],
      unknown: [],
    })
    expect(stderr).toContain('1 of 4 tasks shares its prompt with what checkpoint tuned was taught')
    expect(stderr).toContain('1 of 4 tasks begins in the same files as what checkpoint tuned was taught: begun (')
    const shown = await limi.run(root, 'eval', 'show', 'tuned')
    expect(shown.stdout).toContain('shares its prompt with what checkpoint tuned was taught')
  })

  it('looks at what it was trained from, too', async () => {
    const { data } = await run('checkpoint:deeper', 'deeper')
    expect(data.taught).toMatchObject({ checkpoints: ['deeper', 'tuned'], datasets: ['more', 'best'], trajectories: 5 })
    expect(data.taught?.prompt.map(({ task: id }) => id)).toEqual(['spared', 'said'])
  })

  it('says what it could not look at', async () => {
    const file = path.join(root, `trajectories/${teachers[said.id] ?? ''}.jsonl`)
    await rename(file, `${file}.away`)
    const { data, stderr } = await run('checkpoint:tuned', 'lost')
    await rename(`${file}.away`, file)
    expect(data.taught).toMatchObject({ trajectories: 3, prompt: [] })
    expect(stderr).toMatch(/is not known in full: 1 trajectory of dataset best is no longer here/u)
  })

  it('says nothing of another model', async () => {
    await writeFile(path.join(root, 'scripts/idle.jsonl'), `${JSON.stringify({ replies: [{ text: 'Done.' }] })}\n`)
    const { data, stderr } = await run('script:scripts/idle.jsonl', 'base')
    expect([data.taught, stderr]).toEqual([null, expect.not.stringContaining('taught')])
  })
})

describe('limi compare', () => {
  it('says what the tasks share with what either model was taught', async () => {
    const { data, stderr } = await limi.json<{ taught: Record<string, { prompt: unknown[] } | null> }>(
      root,
      ...['compare', 'base', 'tuned'],
    )
    expect(data.taught).toMatchObject({ a: null, b: { prompt: [{ task: 'said' }] } })
    expect(stderr).toContain('tuned: 1 of 4 tasks shares its prompt')
  })

  it('says that nobody looked, where an earlier version evaluated', async () => {
    const file = path.join(root, 'evaluations/tuned/manifest.json')
    const { taught, ...manifest } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    expect(taught).toBeDefined()
    await rm(file)
    await writeFile(file, JSON.stringify(manifest))
    const { stderr } = await limi.run(root, 'compare', 'base', 'tuned')
    expect(stderr).toContain('nobody looked whether its tasks are among what its model was taught')
  })
})

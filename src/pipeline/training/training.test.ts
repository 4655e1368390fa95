import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { unwrap, type DatasetManifest } from '../../nouns/index.js'
import { openProject } from '../../shared/project/index.js'
import { folderOf } from '../models.js'
import type { Run } from '../run.js'
import { trainInto } from './training.js'

let root: string
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi training ü-'))
  const model = path.join(root, 'models/tiny')
  await mkdir(model, { recursive: true })
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'm.safetensors'])
    await writeFile(path.join(model, name), '{}')
  await writeFile(path.join(root, 'limi.yaml'), 'models:\n  tiny: { ref: "dir:models/tiny" }\n')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(root, { recursive: true, force: true })
})

async function openRun(): Promise<Run> {
  const quiet = (): void => undefined
  return { project: unwrap(await openProject(root)), say: quiet, warn: quiet }
}

test('a folder of limi.yaml starts from the project, by its alias and by its ref; one typed, from the current folder', async () => {
  const run = await openRun()
  const folder = path.join(root, 'models/tiny')
  for (const name of ['tiny', 'dir:models/tiny']) {
    expect(unwrap(await folderOf(run, name))).toMatchObject({ folder, name: 'dir:models/tiny' })
  }
  expect(await folderOf(run, 'dir:./models/tiny')).toMatchObject({
    failure: { code: 'file.absent', where: path.resolve('models/tiny') },
  })
})

test.runIf(process.platform === 'linux')('a LIMI_CACHE that cannot be made is told at once', async () => {
  vi.stubEnv('LIMI_CACHE', '/proc/x')
  expect(await folderOf(await openRun(), 'tiny')).toMatchObject({
    failure: { kind: 'input', code: 'disk.denied', where: '/proc/x' },
  })
})

test('a dataset that is not what its manifest says is not trained on', async () => {
  const run = await openRun()
  const folder = path.join(root, 'datasets/d')
  await mkdir(folder, { recursive: true })
  for (const name of ['samples.jsonl', 'proof.json']) await writeFile(path.join(folder, name), '')
  const dataset = { id: 'd', digest: 'of other samples', proof: 'ok' } as DatasetManifest
  const plan = { run: 'r', dataset, base: 'tiny', recipe: 'laptop', overrides: { steps: 0 } }
  expect(await trainInto(run, plan)).toMatchObject({
    ok: false,
    failure: { kind: 'input', code: 'dataset.changed', where: folder },
  })
})

test('what an engine does not know is refused before anything else, by name', async () => {
  const run = await openRun()
  const dataset = { id: 'd', digest: 'd', proof: 'ok' } as DatasetManifest
  const plan = { run: 'r', dataset, base: 'tiny', recipe: 'laptop', overrides: {} }
  const told = { engine: 'slime', setting: { adress: 'http://head:8265' } }
  expect(await trainInto(run, { ...plan, ...told })).toMatchObject({
    failure: { kind: 'input', code: 'engine.setting' },
  })
  expect(await trainInto(run, { ...plan, engine: 'tlr' })).toMatchObject({ failure: { code: 'engine.unknown' } })
})

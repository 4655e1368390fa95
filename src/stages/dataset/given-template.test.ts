import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { buildDataset, checkDataset, readModelFiles, readSamples, type BuildOptions } from './index.js'
import { at, recorded, labelsOf, conversations, tinyModel, trajectoryOf } from './testing/oracle.js'

const talks = conversations().map((talk, index) => ({ ...talk, index }))
const talk = talks.find(({ messages }) => messages.some(({ role }) => role === 'assistant'))!
const trajectory = trajectoryOf('t', talk.messages)

async function bare(): Promise<string> {
  const folder = await tinyModel()
  await rm(path.join(folder, 'chat_template.jinja'))
  return folder
}

async function optionsFor(change: Partial<BuildOptions> = {}): Promise<BuildOptions> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'limi given-'))
  return {
    trajectories: [trajectory],
    modelFolder: await bare(),
    modelName: 'dir:tiny',
    selection: { name: 'best', digest: 'abc' },
    name: 'd',
    folder: path.join(root, 'd'),
    maxTokens: 100_000,
    ...change,
  }
}

const template = async (): Promise<{ name: string; text: string }> => ({
  name: 'mine.jinja',
  text: await readFile(at('tiny', 'chat_template.jinja'), 'utf8'),
})

it('a model without a template takes one that is given; the dataset says which and can be checked without its file', async () => {
  const without = await optionsFor()
  expect(await buildDataset(without)).toMatchObject({ ok: false, failure: { code: 'template.absent' } })
  const options = { ...without, chatTemplate: await template() }
  const { manifest } = unwrap(await buildDataset(options))
  expect(manifest.made.inputs['chatTemplate']).toEqual([
    { id: 'mine.jinja', digest: expect.stringMatching(/^\w{64}$/) },
  ])
  const [sample] = unwrap(await readSamples(options.folder))
  const expected = recorded('tiny')[talk.index]!
  expect(sample).toMatchObject({ input_ids: expected.ids, labels: labelsOf(expected) })
  expect(unwrap(await checkDataset(options)).status).toBe('ok')
  expect(unwrap(await buildDataset(options)).kept).toBe(true)
  await writeFile(path.join(options.folder, 'chat_template.jinja'), 'other')
  expect(await checkDataset(options)).toMatchObject({ ok: false, failure: { code: 'dataset.changed' } })
})

it('one that is given goes before the model’s own, whatever its name', async () => {
  const folder = await tinyModel({ config: { chat_template: [{ name: 'tool_use', template: 't' }] } })
  expect(unwrap(await readModelFiles(folder, 'a\r\nb')).templates).toEqual({ default: 'a\nb' })
})

it('a dataset that is built again without it keeps no copy', async () => {
  const options = await optionsFor({ modelFolder: at('tiny'), chatTemplate: await template() })
  unwrap(await buildDataset(options))
  const { chatTemplate, ...plain } = options
  expect(chatTemplate?.name).toBe('mine.jinja')
  expect(unwrap(await buildDataset(plain)).kept).toBe(false)
  await expect(readFile(path.join(options.folder, 'chat_template.jinja'))).rejects.toThrow('ENOENT')
  expect(unwrap(await checkDataset(plain)).status).toBe('ok')
})

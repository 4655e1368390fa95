import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { unwrap, type Failure, type Message, type Trajectory } from '../../nouns/index.js'
import {
  buildDataset,
  checkDataset,
  readProof,
  readProvedSamples,
  readSamples,
  statisticsOf,
  type BuildOptions,
} from './index.js'
import { at, conversations, tinyModel, trajectoryOf } from './testing/oracle.js'

const all = conversations()
  .filter(({ messages }) => messages.some(({ role }) => role === 'assistant'))
  .map(({ messages }, index) => trajectoryOf(`t${index}`, messages))
const short = trajectoryOf('short', [
  { role: 'user', content: 'x' },
  { role: 'assistant', content: 'y' },
])
const long = trajectoryOf('long', [
  { role: 'user', content: 'x'.repeat(400) },
  { role: 'assistant', content: 'y' },
])
const untrained = trajectoryOf('untrained', [{ role: 'user', content: 'hello?' }])

let root: string
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi build ü '))
})

const optionsFor = (trajectories: BuildOptions['trajectories'], change: Partial<BuildOptions> = {}): BuildOptions => ({
  trajectories,
  modelFolder: at('tiny'),
  modelName: 'dir:tiny',
  selection: { name: 'best', digest: 'abc' },
  name: 'd',
  folder: path.join(root, 'd'),
  maxTokens: 100_000,
  ...change,
})

async function failureOf(trajectories: readonly Trajectory[], change: Partial<BuildOptions> = {}): Promise<Failure> {
  const built = await buildDataset(optionsFor(trajectories, change))
  if (built.ok) throw new Error('it was built')
  return built.failure
}

describe('building', () => {
  it('writes samples, a proof that holds, and a manifest with the sums', async () => {
    const { manifest, kept } = unwrap(await buildDataset(optionsFor(all)))
    const samples = unwrap(await readSamples(path.join(root, 'd')))
    const proof = unwrap(await readProof(path.join(root, 'd')))
    expect(kept).toBe(false)
    expect(manifest).toMatchObject({
      samples: all.length,
      proof: 'ok',
      excluded: [],
      selection: 'best',
      model: 'dir:tiny',
    })
    expect(samples.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    expect(statisticsOf(proof.samples)).toMatchObject({
      tokens: samples.reduce((sum, { input_ids }) => sum + input_ids.length, 0),
      trainedTokens: manifest.trainedTokens,
      maxTokens: manifest.maxTokens,
    })
    expect((await readdir(path.join(root, 'd'))).sort()).toEqual(['manifest.json', 'proof.json', 'samples.jsonl'])
  })

  it('gives its samples for training as they were proved, and not with one label changed after', async () => {
    const { manifest } = unwrap(await buildDataset(optionsFor(all)))
    const folder = path.join(root, 'd')
    expect(unwrap(await readProvedSamples(folder, manifest.digest))).toEqual(unwrap(await readSamples(folder)))
    const file = path.join(folder, 'samples.jsonl')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"labels":[-100', '"labels":[1'))
    const refused = { ok: false, failure: { kind: 'input', code: 'dataset.changed', where: folder } }
    expect(await readProvedSamples(folder, manifest.digest)).toMatchObject(refused)
  })

  it('gives the same bytes again, elsewhere', async () => {
    unwrap(await buildDataset(optionsFor(all)))
    unwrap(await buildDataset(optionsFor(all, { folder: path.join(root, 'again') })))
    for (const file of ['samples.jsonl', 'proof.json']) {
      expect(await readFile(path.join(root, 'd', file), 'utf8')).toBe(
        await readFile(path.join(root, 'again', file), 'utf8'),
      )
    }
  })

  it('keeps what is there, and makes it anew where an input or the files changed', async () => {
    const build = async (change: Partial<BuildOptions> = {}) => unwrap(await buildDataset(optionsFor([short], change)))
    expect((await build()).kept).toBe(false)
    expect((await build()).kept).toBe(true)
    expect((await build({ selection: { name: 'best', digest: 'other' } })).kept).toBe(false)
    expect((await build({ selection: { name: 'best', digest: 'other' } })).kept).toBe(true)
    await writeFile(path.join(root, 'd', 'samples.jsonl'), '')
    expect((await build({ selection: { name: 'best', digest: 'other' } })).kept).toBe(false)
    await rm(path.join(root, 'd', 'manifest.json'))
    expect((await build({ selection: { name: 'best', digest: 'other' } })).kept).toBe(false)
  })

  it.each([
    [
      'markers of its own and edges that cut tokens',
      () => tinyModel({ template: readFileSync(at('plain-marked.jinja'), 'utf8') }),
    ],
    ['a normalising tokeniser', () => tinyModel({ patch: { normalizer: { type: 'NFC' } } })],
  ])('proves a dataset for a model with %s', async (_name, model) => {
    const options = optionsFor(all, { modelFolder: await model() })
    const { manifest } = unwrap(await buildDataset({ ...options, unfit: 'exclude' }))
    const proof = unwrap(await readProof(options.folder))
    const failing = proof.samples.flatMap(({ id, checks }) =>
      Object.entries(checks).flatMap(([check, passed]) => (passed ? [] : [`${id}: ${check}`])),
    )
    expect(failing).toEqual([])
    // An empty answer has nothing to train where the template gives it no stop token.
    expect(manifest.excluded.filter(({ reason }) => reason !== 'sample.untrained')).toEqual([])
    expect(manifest.excluded.length).toBeLessThan(3)
  })

  it('flags text that becomes a control token', async () => {
    const { notes } = unwrap(await buildDataset(optionsFor(all)))
    const flagged = notes.filter(({ code }) => code === 'special-token-text').map(({ sample }) => sample)
    const expected = all.filter(({ threads }) => /<\|(im_start|im_end|endoftext)\|>/.test(JSON.stringify(threads)))
    expect([...new Set(flagged)]).toEqual(expected.map(({ id }) => id))
  })
})

describe('nothing is cut or dropped without a line', () => {
  it('names all that are too long, with their sizes', async () => {
    const failure = await failureOf([short, long, { ...long, id: 'longer' }], { maxTokens: 100 })
    expect(failure.code).toBe('sample.too-long')
    expect(failure.message).toMatch(/long: \d+ tokens, at most 100\n {2}longer: \d+ tokens/)
    expect(await readdir(path.join(root, 'd'))).toEqual([])
  })

  it('or leaves them out and says so', async () => {
    const options = optionsFor([short, long], { maxTokens: 100, overflow: 'exclude' })
    const { manifest, notes } = unwrap(await buildDataset(options))
    expect(manifest.excluded).toEqual([{ trajectory: 'long', reason: 'sample.too-long' }])
    expect(notes).toContainEqual(expect.objectContaining({ sample: 'long', code: 'excluded' }))
    expect(unwrap(await buildDataset(options))).toMatchObject({ kept: true, notes })
    const { folder, trajectories, modelFolder } = options
    expect(unwrap(await checkDataset({ folder, trajectories, modelFolder })).status).toBe('ok')
  })

  it('refuses a sample that trains nothing, or leaves it out', async () => {
    expect(await failureOf([short, untrained])).toMatchObject({ code: 'sample.untrained', where: 'untrained' })
    const { manifest } = unwrap(await buildDataset(optionsFor([short, untrained], { unfit: 'exclude' })))
    expect(manifest.excluded).toEqual([{ trajectory: 'untrained', reason: 'sample.untrained' }])
    expect((await failureOf([untrained], { unfit: 'exclude', name: 'e', folder: path.join(root, 'e') })).code).toBe(
      'dataset.empty',
    )
  })

  it('refuses an id that comes twice', async () => {
    expect((await failureOf([short, short])).code).toBe('dataset.duplicate')
  })

  it.each<[string, Partial<Message>]>([
    ['content.not-text', { content: [{ type: 'image', data: '' }] }],
    ['text.invalid', { content: 'half \ud83d' }],
    ['tool-calls.not-shown', { content: '', toolCalls: [{ id: 'c', name: 'list_files', arguments: '{}' }] }],
    ['value.prints-differently', { toolCalls: [{ id: 'c', name: 'f', arguments: `[${'9'.repeat(4301)}]` }] }],
    ['tools.absent', { call: { model: 'm', params: {}, tools: 'nowhere' } }],
  ])('refuses %s', async (code, change) => {
    const [thread] = short.threads
    const messages = thread!.messages.map((message) =>
      message.role === 'assistant' ? { ...message, ...change } : message,
    )
    expect((await failureOf([{ ...short, threads: [{ ...thread!, messages }] }])).code).toBe(code)
  })

  it('leaves no half dataset behind when stopped, and an earlier one as it was', async () => {
    unwrap(await buildDataset(optionsFor([short])))
    const stop = new AbortController()
    const onProgress = (): void => stop.abort()
    const stopped = await failureOf(all, {
      signal: stop.signal,
      onProgress,
      selection: { name: 'best', digest: 'new' },
    })
    expect(stopped.kind).toBe('interrupted')
    expect(unwrap(await buildDataset(optionsFor([short]))).kept).toBe(true)
    expect((await readdir(path.join(root, 'd'))).sort()).toEqual(['manifest.json', 'proof.json', 'samples.jsonl'])
  })
})

describe('a model folder', () => {
  it.each([
    ['template.unproved', () => tinyModel({ template: '{% for m in messages %}{{ m.content }}{% endfor %}' })],
    ['template.unreadable', () => tinyModel({ template: '{% for m in' })],
    ['tokenizer.unreadable', () => tinyModel({ patch: { model: { type: 'Unheard-of' } } })],
    ['tokenizer.disagrees', () => tinyModel({ config: { added_tokens_decoder: { '640': { content: '<new>' } } } })],
    ['model.absent', () => mkdtemp(path.join(os.tmpdir(), 'limi-none-'))],
  ])('%s', async (code, folder) => {
    const failure = await failureOf([short], { modelFolder: await folder() })
    expect(failure).toMatchObject({ code, remedy: expect.any(String) })
  })
})

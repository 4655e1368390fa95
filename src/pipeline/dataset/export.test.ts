import { readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { writeDatasetProject, type DatasetProject } from '../../../test/support/dataset.js'
import { placeForTests } from '../../../test/support/place.js'
import { unwrap, type Sample } from '../../nouns/index.js'
import { TINY_MODEL, tinyTrajectories } from '../../../test/support/tiny-dataset.js'
import { exportDataset } from './export.js'

const place = placeForTests()
let project: DatasetProject
let samples: readonly Sample[]
const linesOf = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
const out = (name: string): string => path.join(place, 'out', name)
const write = async (format: string, file: string): Promise<Record<string, unknown>> =>
  unwrap(await exportDataset(project.run, { name: 'chosen', format, out: out(file) })).data as Record<string, unknown>

beforeAll(async () => {
  project = await writeDatasetProject(path.join(place, 'project'), tinyTrajectories(), TINY_MODEL)
  samples = linesOf(path.join(project.dataset, 'samples.jsonl')) as Sample[]
})

describe('ids and labels', () => {
  it('stand in rows for TRL as they stand in samples.jsonl, in its order', async () => {
    const data = await write('trl', 'trl.jsonl')
    expect(linesOf(out('trl.jsonl'))).toEqual(samples.map(({ input_ids, labels }) => ({ input_ids, labels })))
    const labels = samples.flatMap((sample) => sample.labels)
    expect(data).toMatchObject({
      format: 'trl',
      path: out('trl.jsonl'),
      samples: samples.length,
      tokens: labels.length,
      trainedTokens: labels.filter((label) => label !== -100).length,
      differences: {},
    })
    const longest = Math.max(...samples.map(({ input_ids }) => input_ids.length))
    expect(project.warned.find((line) => line.includes('max_length: null'))).toContain(`${longest} tokens`)
  })

  it('stand in rows for axolotl with a mask of ones, and in no other column', async () => {
    await write('axolotl', 'axolotl.jsonl')
    expect(linesOf(out('axolotl.jsonl'))).toEqual(
      samples.map(({ input_ids, labels }) => ({ input_ids, attention_mask: input_ids.map(() => 1), labels })),
    )
  })

  it('are read from Parquet as they stand in samples.jsonl', async () => {
    await write('parquet', 'rows.parquet')
    const file = await asyncBufferFromFile(out('rows.parquet'))
    expect(await parquetReadObjects({ file })).toEqual(samples)
    expect((await parquetMetadataAsync(file)).schema.map(({ name }) => name)).toEqual([
      'root',
      ...['id', 'trajectory'],
      ...['input_ids', 'list', 'element', 'labels', 'list', 'element'],
    ])
  })
})

describe('an export', () => {
  it('is described by a file beside it, which no training program takes for data', async () => {
    await write('trl', 'described.jsonl')
    const about = parse(await readFile(out('described.jsonl.about.yaml'), 'utf8')) as Record<string, unknown>
    const manifest = JSON.parse(await readFile(path.join(project.dataset, 'manifest.json'), 'utf8')) as object
    const proof = JSON.parse(await readFile(path.join(project.dataset, 'proof.json'), 'utf8')) as object
    expect(about).toMatchObject({ format: 'trl', rows: 'described.jsonl', samples: samples.length })
    const { digest, model } = manifest as Record<string, unknown>
    const { templateDigest, tokenizerDigest } = proof as Record<string, unknown>
    expect(about['made']).toEqual({ dataset: 'chosen', digest, model, templateDigest, tokenizerDigest })
  })

  it('that is stopped leaves what lay there', async () => {
    const file = out('stopped.jsonl')
    await write('trl', 'stopped.jsonl')
    await writeFile(file, 'before')
    const run = { ...project.run, signal: AbortSignal.abort() }
    const stopped = await exportDataset(run, { name: 'chosen', format: 'trl', out: file })
    expect(stopped).toMatchObject({ ok: false, failure: { kind: 'interrupted' } })
    expect(await readFile(file, 'utf8')).toBe('before')
    expect((await readdir(path.dirname(file))).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it.each([
    ['export.format', { format: 'chatml' }],
    ['dataset.absent', { name: 'none' }],
  ])('is refused with %s', async (code, change) => {
    const refused = await exportDataset(project.run, { name: 'chosen', format: 'trl', out: out('no.jsonl'), ...change })
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'input', code } })
  })
})

describe('a dataset that is not what was proved', () => {
  it.each([
    ['dataset.unproved', 'manifest.json', (text: string) => text.replace('"proof": "ok"', '"proof": "failed"')],
    ['dataset.changed', 'samples.jsonl', (text: string) => text.replace('-100', '1')],
    ['dataset.absent', 'manifest.json', () => '{}'],
  ])('is not exported: %s', async (code, file, spoil) => {
    const at = path.join(project.dataset, file)
    const before = await readFile(at, 'utf8')
    await writeFile(at, spoil(before))
    const refused = await exportDataset(project.run, { name: 'chosen', format: 'trl', out: out('no.jsonl') })
    await writeFile(at, before)
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'input', code } })
    expect(await readdir(path.join(place, 'out'))).not.toContain('no.jsonl')
  })
})

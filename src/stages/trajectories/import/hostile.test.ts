import { readFileSync } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parquetTable, zstandard } from '../../../../test/support/parquet.js'
import { unwrap } from '../../../nouns/index.js'
import { trajectoryStore, type TrajectoryStore } from '../store/index.js'
import { importPaths, type ImportReport } from './index.js'

let folder: string
let store: TrajectoryStore
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limi-hostile-'))
  store = trajectoryStore(path.join(folder, 'trajectories'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const sample = {
  messages: [
    { role: 'user', content: 'What is here?' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'ls', arguments: '{"a": 1.0}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'a.txt' },
    { role: 'assistant', content: 'a.txt' },
  ],
  tools: [{ type: 'function', function: { name: 'ls', parameters: { type: 'object' } } }],
}
const text = JSON.stringify(sample)
const messages = JSON.stringify(sample.messages)

/** Imports a file between two good ones. */
async function importBetween(name: string, content: string | Uint8Array, sparse = 0): Promise<ImportReport> {
  const [before, file, after] = ['a.json', name, 'z.jsonl'].map((one) => path.join(folder, one)) as [
    string,
    string,
    string,
  ]
  await writeFile(before, text)
  await writeFile(after, `${text}\n`)
  await writeFile(file, content)
  if (sparse > 0) await truncate(file, sparse)
  return unwrap(await importPaths([before, file, after], { format: 'auto', store }))
}

async function expectOneError(report: ImportReport, name: string, error: RegExp, imported = 2): Promise<void> {
  expect(report.rejected.map((one) => one.error)).toEqual([expect.stringMatching(error)])
  expect(report.rejected[0]!.error).toContain(path.join(folder, name))
  expect(report.rejected[0]!.error).not.toMatch(/\p{Cc}/u)
  expect(report.rejected[0]!.error.length).toBeLessThan(500)
  expect(report.imported).toHaveLength(imported)
  for (const { id } of report.imported) expect(unwrap(await store.read(id)).complete).toBe(true)
}

const deep = '['.repeat(10_000) + ']'.repeat(10_000)
const GIGABYTES = 2 ** 31

describe('a hostile file is one clear error, and the files beside it are imported', () => {
  it.each<[string, string, string, RegExp]>([
    ['of no known format', 'm.json', '{"a": 1}', /no known format/],
    ['of bytes', 'm.json', '\u0000\u0001\u0002', /no known format/],
    ['cut in the middle', 'm.json', text.slice(0, 200), /ends too early/],
    ['cut in the middle of a list', 'm.json', `[${text.slice(0, 200)}`, /ends too early.*m\.json:1:202/],
    ['10,000 deep', 'm.json', `{"messages":[{"role":"user","content":${deep}}]}`, /nested more than 256 deep/],
    [
      'a list 10,000 deep',
      'm.json',
      `[{"messages":[{"role":"user","content":${deep}}]}]`,
      /nested more than 256 deep.*m\.json:1:/,
    ],
    [
      'text 10,000 deep in text',
      'm.json',
      JSON.stringify({ messages: `[{"role":"user","content":${deep}}]`, role: 1 }),
      /nested more than 256 deep/,
    ],
    ['with a wrong separator', 'm.json', `[${text};${text}]`, /not JSON/],
    [
      'a name full of control characters',
      'm.json',
      text.replace('"role":"user"', '"role":"\\u001b[2J\\u0007"'),
      /messages\.0\.role/,
    ],
  ])('%s', async (_name, name, content, error) => {
    const report = await importBetween(name, content)
    const before = content.startsWith(`[${text};`) ? 3 : 2
    await expectOneError(report, name, error, before)
  })

  it.each<[string, string, string, RegExp]>([
    ['an object', 'm.json', text.slice(0, 200), /bytes; a JSON document is read up to/],
    ['a list', 'm.json', `[${text.slice(0, 28)}`, /not JSON.*m\.json:1:\d+$/],
    ['lines', 'm.jsonl', text.slice(0, 200), /longer than \d+ bytes/],
    ['a table', 'm.parquet', 'PAR1', /the file ends without PAR1: it was cut/],
    ['nothing', 'm.json', '', /no known format/],
  ])(
    'of two gigabytes that begins like %s',
    async (_name, name, content, error) => {
      await expectOneError(
        await importBetween(name, content, name === 'm.jsonl' ? GIGABYTES / 4 : GIGABYTES),
        name,
        error,
      )
    },
    30_000,
  )

  it('keeps control characters in tool names, and counts them', async () => {
    const report = await importBetween(
      'm.json',
      text.replace('"name":"ls","arguments"', '"name":"l\\u001b[31ms","arguments"'),
    )
    expect(report.rejected).toEqual([])
    expect(report.imported[1]!.oddities['control-characters']).toBe(1)
  })
})

const good = parquetTable({ data: [messages, messages] })
const promise = (bytes: bigint) => (footer: Parameters<NonNullable<Parameters<typeof parquetTable>[1]>>[0]) => {
  footer.row_groups[0]!.columns[0]!.meta_data!.total_uncompressed_size = bytes
}

/** Run lengths of a column's definition levels, which say that a value is there: `run` instead of the two bytes of 100 values. */
function withRun(run: readonly number[]): Buffer {
  const table = parquetTable({
    data: Array<string>(100)
      .fill(messages)
      .map((one, at) => one + ' '.repeat(at)),
  })
  const at = table.indexOf(Buffer.from([0, 0xc8, 1, 1]))
  expect(at).toBeGreaterThan(0)
  table.set(run, at + 1)
  return table
}

describe('a hostile table is one clear error, and the files beside it are imported', () => {
  it('but a sound one is read', async () => {
    const report = await importBetween('m.parquet', good)
    expect(report.rejected).toEqual([])
    expect(report.imported).toHaveLength(4)
  })

  const bomb = Buffer.alloc(64 << 20, 0x20)
  const column = { data: [messages] }
  it.each<[string, () => Uint8Array, RegExp]>([
    ['cut in the middle', () => good.subarray(0, good.length / 2), /without PAR1: it was cut/],
    [
      'without its first half',
      () => Buffer.concat([good.subarray(0, 4), good.subarray(good.length / 2)]),
      /cannot be read/,
    ],
    ['of four bytes', () => good.subarray(0, 4), /ends too early/],
    ['with a footer longer than the file', () => withFooter(0xfffffff0), /footer is said to have 4294967280 bytes/],
    ['with a footer of nothing', () => withFooter(0), /cannot be read/],
    [
      'that promises a terabyte',
      () => parquetTable(column, promise(2n ** 40n)),
      /row group of 1099511627776 bytes.*row group 1/,
    ],
    ['that promises less than nothing', () => parquetTable(column, promise(-1n)), /does not lie in the file/],
    [
      'that promises 2^60 rows',
      () => parquetTable(column, ({ row_groups }) => void (row_groups[0]!.num_rows = 2n ** 60n)),
      /1152921504606846976 rows/,
    ],
    [
      'that promises 2^50 values',
      () =>
        parquetTable(column, ({ row_groups }) => {
          row_groups[0]!.columns[0]!.meta_data!.num_values = 2n ** 50n
        }),
      /values; \d+ are read/,
    ],
    [
      'with a column outside of the file',
      () =>
        parquetTable(
          column,
          ({ row_groups }) => void (row_groups[0]!.columns[0]!.meta_data!.data_page_offset = 2n ** 40n),
        ),
      /does not lie in the file/,
    ],
    [
      'with a column in another file',
      () => parquetTable(column, ({ row_groups }) => void (row_groups[0]!.columns[0]!.file_path = '/etc/passwd')),
      /lies in another file/,
    ],
    [
      'with a gzip page that explodes',
      () => parquetTable({ ...column, codec: 'GZIP', compress: () => gzipSync(bomb) }),
      /row group 1/,
    ],
    [
      'with a brotli page that explodes',
      () => parquetTable({ ...column, codec: 'BROTLI', compress: () => brotliCompressSync(bomb) }),
      /row group 1/,
    ],
    [
      'with a zstd page that explodes',
      () => parquetTable({ ...column, codec: 'ZSTD', compress: () => zstandard(20_000) }),
      /row group 1/,
    ],
    [
      'with a snappy page that explodes',
      () =>
        parquetTable({
          ...column,
          codec: 'SNAPPY',
          compress: () =>
            Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0x20, ...Array<number[]>(9999).fill([0xfe, 1, 0]).flat()]),
        }),
      /row group 1/,
    ],
    [
      'with a page of damaged gzip',
      () => parquetTable({ ...column, codec: 'GZIP', compress: () => Buffer.from('hello') }),
      /row group 1/,
    ],
    [
      'whose levels repeat two billion times',
      () => withRun([0xfe, 0xff, 0xff, 0xff, 0x0f]),
      /more memory than is allowed|row group 1/,
    ],
    [
      'with text that is not UTF-8',
      () => Buffer.from(good.toString('latin1').replaceAll('What', '\xff\xfe\xfdt'), 'latin1'),
      /row group 1/,
    ],
  ])(
    '%s',
    async (_name, make, error) => {
      await expectOneError(await importBetween('m.parquet', make()), 'm.parquet', error)
    },
    60_000,
  )

  const withFooter = (length: number): Buffer => {
    const table = Buffer.from(good)
    table.writeUInt32LE(length, table.length - 8)
    return table
  }
})

/** A few bytes of a real-shaped file changed, cut out, or doubled. */
const edits = fc.array(
  fc.record({
    at: fc.nat(),
    drop: fc.nat({ max: 8 }),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 5 }),
      fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', 'null', '1e999', '-').map((one) => Buffer.from(one)),
    ),
  }),
  { minLength: 1, maxLength: 4 },
)
type Edits = typeof edits extends fc.Arbitrary<infer Value> ? Value : never
const edited = (bytes: Buffer, changes: Edits): Buffer =>
  changes.reduce((all, { at, drop, put }) => {
    const place = at % (all.length + 1)
    return Buffer.concat([all.subarray(0, place), put, all.subarray(place + drop)])
  }, bytes)

describe('a damaged file never breaks the import', () => {
  const list = JSON.stringify([sample, sample], null, 1)
  const kinds: [string, string, () => Buffer, number][] = [
    ['an object', 'm.json', () => Buffer.from(text), 150],
    ['a list', 'm.json', () => Buffer.from(list), 150],
    ['lines', 'm.jsonl', () => Buffer.from(`${text}\n${text}\n`), 150],
    ['a table', 'm.parquet', () => good, 10],
    [
      'a table of another writer',
      'm.parquet',
      () => readFileSync(path.join(import.meta.dirname, 'openai-messages', 'fixtures', 'pyarrow-v2-zstd.parquet')),
      10,
    ],
  ]
  it.each(kinds)('%s', { timeout: 60_000 }, async (_name, name, make, numRuns) => {
    const file = path.join(folder, name)
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const damaged = edited(make(), changes)
        await writeFile(file, damaged)
        const { imported, rejected } = unwrap(await importPaths([file], { format: 'openai-messages', store }))
        expect(imported.length + rejected.length).toBeGreaterThan(0)
        // What begins as no list or object is read as records, one a line at most.
        const lines = damaged.toString('latin1').split('\n').length
        expect(imported.length + rejected.length).toBeLessThan(Math.max(12, lines + 2))
        for (const { error } of rejected) expect(error).not.toMatch(/\p{Cc}/u)
      }),
      { numRuns },
    )
  })
})

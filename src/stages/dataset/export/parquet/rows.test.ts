import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, it } from 'vitest'
import type { Sample } from '../../../../nouns/index.js'
import { ParquetRows } from './rows.js'

const sampleOf = (id: string, tokens: number): Sample => {
  const input_ids = Array.from({ length: tokens }, (_, at) => (at * 7919) % 150_000)
  return { id, trajectory: 't ü', input_ids, labels: input_ids.map((one) => (one % 3 === 0 ? one : -100)) }
}

it('bytes that are given out as groups fill are one file, with every row in its place', async () => {
  const samples = [sampleOf('a', 600_000), sampleOf('b', 600_000), sampleOf('c', 1), sampleOf('d', 0)]
  const rows = new ParquetRows()
  const given = samples.map((sample) => rows.row({ sample }).data)
  expect(given.map((data) => data.length > 0)).toEqual([false, true, false, false])
  const bytes = Buffer.concat([...given, rows.end()].map((data) => Buffer.from(data)))
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  expect(parquetMetadata(file).row_groups.map(({ num_rows }) => num_rows)).toEqual([2n, 2n])
  // As text: element by element takes seconds.
  expect(JSON.stringify(await parquetReadObjects({ file })) === JSON.stringify(samples)).toBe(true)
})

import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Sample } from '../../../../nouns/index.js'
import type { EncodedRow, ExportRow, RowEncoder } from '../exporter.js'

const TOKENS_A_GROUP = 1_000_000

type Schema = ParquetWriter['schema']

const text = (name: string): Schema[number] => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type: 'REQUIRED',
})

/** A list without nulls (apache/parquet-format, LogicalTypes.md, "Lists"). */
const integers = (name: string): Schema => [
  { name, repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' },
]

const SCHEMA: Schema = [
  { name: 'root', num_children: 4 },
  text('id'),
  text('trajectory'),
  ...integers('input_ids'),
  ...integers('labels'),
]

/** Rows as the bytes of one Parquet file, which are due whenever a row group is full. */
export class ParquetRows implements RowEncoder {
  readonly #writer = new ByteWriter()
  readonly #table = new ParquetWriter({ writer: this.#writer, schema: SCHEMA, createdBy: 'limi' })
  #group: Sample[] = []
  #tokens = 0

  row({ sample }: ExportRow): EncodedRow {
    this.#group.push(sample)
    this.#tokens += sample.input_ids.length
    if (this.#tokens < TOKENS_A_GROUP) return { data: '', differences: [] }
    this.#writeGroup()
    return { data: this.#due(), differences: [] }
  }

  end(): Uint8Array {
    if (this.#group.length > 0) this.#writeGroup()
    void this.#table.finish()
    return this.#due()
  }

  #writeGroup(): void {
    const column = <Name extends keyof Sample>(name: Name) => ({
      name,
      data: this.#group.map((sample) => sample[name]),
    })
    const columnData = [column('id'), column('trajectory'), column('input_ids'), column('labels')]
    void this.#table.write({ columnData, rowGroupSize: this.#group.length })
    this.#group = []
    this.#tokens = 0
  }

  /** The writer counts all bytes in `offset`, so that those that were taken may be forgotten. */
  #due(): Uint8Array {
    const bytes = this.#writer.getBytes().slice()
    this.#writer.index = 0
    return bytes
  }
}

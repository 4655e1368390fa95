import type { Sample } from '../../../../nouns/index.js'
import type { RowEncoder } from '../exporter.js'

/** Rows that are made of ids and labels alone, a JSON document a line. */
export const sampleLines = (fieldsOf: (sample: Sample) => object): RowEncoder => ({
  row: ({ sample }) => ({ data: `${JSON.stringify(fieldsOf(sample))}\n`, differences: [] }),
  end: () => '',
})

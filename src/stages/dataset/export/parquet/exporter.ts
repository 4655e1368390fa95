import type { DatasetExporter } from '../exporter.js'
import { ParquetRows } from './rows.js'

/**
 * Apache Parquet with the columns `id`, `trajectory` (text), `input_ids`, `labels` (lists of 32-bit integers), a row a sample, a row
 * group every million tokens. TRL and `datasets` read it as they read the rows of the format trl.
 */
export const parquetDatasetExport: DatasetExporter = {
  format: 'parquet',
  fileName: (dataset) => `${dataset}.parquet`,
  encoder: () => new ParquetRows(),
  advice: () => [],
}

/** Apache Parquet, for programs that read columns. */
export { parquetDatasetExport } from './exporter.js'

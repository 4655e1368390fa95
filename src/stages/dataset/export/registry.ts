import { done, failed, type Result } from '../../../nouns/index.js'
import type { DatasetExporter } from './exporter.js'
import {
  llamaFactoryDatasetExport,
  msSwiftDatasetExport,
  openaiFineTuningExport,
  slimeDatasetExport,
} from './messages/index.js'
import { parquetDatasetExport } from './parquet/index.js'
import { axolotlDatasetExport, trlDatasetExport } from './tokens/index.js'

const EXPORTERS: readonly DatasetExporter[] = [
  trlDatasetExport,
  slimeDatasetExport,
  llamaFactoryDatasetExport,
  axolotlDatasetExport,
  msSwiftDatasetExport,
  openaiFineTuningExport,
  parquetDatasetExport,
]

export const datasetFormats: readonly string[] = EXPORTERS.map(({ format }) => format)

export function datasetExporterOf(format: string): Result<DatasetExporter> {
  const exporter = EXPORTERS.find((one) => one.format === format)
  if (exporter !== undefined) return done(exporter)
  return failed({
    kind: 'input',
    code: 'export.format',
    message: `no export format of datasets is called ${JSON.stringify(format)}`,
    remedy: `one of: ${datasetFormats.join(', ')}`,
  })
}

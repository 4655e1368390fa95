/** A proved dataset in forms that training engines read: a folder a format, or a family of formats. */
export type { DatasetExporter, ExportRow } from './exporter.js'
export { readHoldingProof } from './proved.js'
export { readBack, readBackEngineOf, type ReadBackEngine, type ReadBackReport } from './read-back/index.js'
export { datasetExporterOf, datasetFormats } from './registry.js'
export { samplesAsSaid, type ConversationSources } from './rows.js'
export { DifferenceTally, type CountedDifference } from './tally.js'

export { renderDatasetPage } from './dataset-page.js'
export type { DatasetReport, SampleFigures, SampleMessage, SampleReport, SampleRow } from './dataset-report.js'
export { renderSamplePage } from './sample-page.js'

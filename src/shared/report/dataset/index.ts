export { renderDatasetPage } from './dataset-page.js'
export type { DatasetReport, SampleMessage, SampleReport, SampleRow } from './dataset-report.js'
export { renderSamplePage } from './sample-page.js'

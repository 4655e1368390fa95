export { renderTrainingPage } from './training-page.js'
export type { StepValue, TrainingReport } from './training-report.js'

export { renderEvaluationPage } from './evaluation-page.js'
export type * from './evaluation-report.js'

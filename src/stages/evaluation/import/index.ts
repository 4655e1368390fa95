/** Evaluations made elsewhere: a folder a format. */
export { importEvaluations } from './import.js'
export type { EvaluationImport } from './import.js'

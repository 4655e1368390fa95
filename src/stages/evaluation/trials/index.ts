/** Trials: one agent and model on tasks, one file a trial, resumable. */
export { evaluate } from './evaluate.js'
export { countFaults } from './faults.js'
export { plannedFiles, readTrials, rowsOf } from './files.js'
export { evaluationChanges, readPlan, type EvaluationPlan } from './plan.js'
export type { EvaluationIdentity, EvaluationProgress, EvaluationRequest } from './request.js'
export { findEvaluation, isSummaryOf } from './summary.js'

/** Trials: one agent and model on tasks, one file a trial, resumable. */
export { evaluate } from './evaluate.js'
export { countFaults, recordFault } from './faults.js'
export { plannedFiles, readTrials, rowsOf, writeTrial } from './files.js'
export { trialName } from './names.js'
export { EvaluationPlan, evaluationChanges, readPlan, writePlan } from './plan.js'
export type { EvaluationIdentity, EvaluationProgress, EvaluationRequest } from './request.js'
export { findEvaluation, isSummaryOf, summaryOf } from './summary.js'

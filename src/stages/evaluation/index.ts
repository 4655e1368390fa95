/** Evaluation: benchmarks, trials, the paper's metrics, and what two evaluations show. */
export {
  benchmarkNames,
  chooseTasks,
  findBenchmark,
  HELDOUT,
  heldoutBenchmark,
  moduleBenchmark,
  holdsHarborTasks,
  readFolder,
  readHarbor,
  subtasksOf,
  type Benchmark,
  type BenchmarkTask,
  type Demonstrations,
  type LeftOut,
  type TaskChoice,
} from './benchmarks/index.js'
export {
  calibrate,
  calibrationText,
  humanFile,
  judgedRows,
  keptSheets,
  readHumanScores,
  scoresOf,
  writeHumanScores,
  type Calibration,
  type HumanScore,
  type JudgedRow,
  type KeptSheet,
} from './calibration/index.js'
export { exportSource, writeInspectLog, writeLimiArchive } from './export/index.js'
export type { ExportSource, NotCarried, TrialConversation } from './export/index.js'
export { importEvaluations } from './import/index.js'
export { listEvaluations, type ListedEvaluation } from './list.js'
export { loadEvaluation } from './load.js'
export { isMeasured, isSolved, measure, metricsOf } from './metrics/index.js'
export { csvOf, rowOfTrial } from './rows.js'
export { showEvaluation, type ShownEvaluation } from './show.js'
export {
  basisOf,
  compareEvaluations,
  comparisonTable,
  comparisonWords,
  exactMcNemar,
  planComparison,
  planText,
  smallestDetectable,
  wordsOf,
} from './statistics/index.js'
export type {
  CompareOptions,
  ComparisonPlan,
  FinishedEvaluation,
  PairedDesign,
  PlanRequest,
} from './statistics/index.js'
export { evaluationsTable, evaluationTable, evaluationWarnings, judgingText, metricsTable } from './tables.js'
export { taughtIn, taughtLines } from './taught.js'
export { evaluate, evaluationChanges, findEvaluation, readPlan, readTrials } from './trials/index.js'
export type { EvaluationIdentity, EvaluationPlan, EvaluationProgress, EvaluationRequest } from './trials/index.js'

/** What `limi eval run` loads, and no more: it starts the sooner. */
export { metricsTable, showEvaluation } from '../../stages/evaluation/index.js'
export { benchmarkReference } from './benchmark.js'
export { evaluateProject, sayUnmeasured } from './steps.js'

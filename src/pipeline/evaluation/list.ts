/** What `limi eval list` loads, and no more: it starts the sooner. */
export { evaluationsTable, listEvaluations } from '../../stages/evaluation/index.js'

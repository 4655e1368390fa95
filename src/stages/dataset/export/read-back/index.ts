/** An engine's own code on what was exported, compared with the samples token by token. */
export { readBackEngineOf, type ReadBackEngine } from './engines.js'
export { readBack } from './read-back.js'
export type { ReadBackReport } from './report.js'

/** An engine's own code on what was exported, compared with the samples token by token. */
export { readBackEngineOf, type ReadBackEngine } from './engines.js'
export { readBack, type ReadBackRequest } from './read-back.js'
export type { FoundDifference, ReadBackReport } from './report.js'

/** One agent on one task, up to R rounds; and a list of such work, some at a time. */
export type * from './rollout.js'
export { notPlayed, openWorkspace, runRollout, runRolloutIn } from './run-rollout.js'
export { runWorkList, type WorkOptions, type WorkOutcome, type WorkProgress } from './work-list.js'

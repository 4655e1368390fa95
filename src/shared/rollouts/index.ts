/** One agent on one task, up to R rounds; and a list of such work, some at a time. */
export type * from './feedback.js'
export type * from './rollout.js'
export { delayAfter, patientScorer, type Patience } from './patient.js'
export { workspacePatch } from './patch/index.js'
export { notPlayed, runRollout, runRolloutIn } from './run-rollout.js'
export { simulatedUser, USER_PROMPT_VERSION, type SimulatedUserOptions } from './user/index.js'
export { runWorkList, type WorkOptions, type WorkOutcome, type WorkProgress } from './work-list.js'
export { workspacesIn, type Wanted, type WorkspaceMeans, type Workspaces } from './workspaces.js'

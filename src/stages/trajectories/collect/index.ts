/** Agents work through queries, unattended. */
export { chooseBest, marksFor } from './best.js'
export { collect } from './collect.js'
export { heldRollouts, type HeldRollout } from './held.js'
export {
  plainId,
  planRollouts,
  workOf,
  type CollectorIdentity,
  type PlannedRollout,
  type RolloutsPlan,
} from './plan.js'
export type { Budget } from './purse.js'
export type {
  Collected,
  CollectedRollout,
  CollectedStatus,
  Collector,
  CollectProgress,
  CollectRequest,
  OpenRollout,
} from './request.js'
export { watchedRollouts } from './watched.js'

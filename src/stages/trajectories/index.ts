/** Trajectories: collected by rollouts, imported from others' logs, stored as append-only files, exported. */
export {
  chooseBest,
  collect,
  heldRollouts,
  marksFor,
  plainId,
  planRollouts,
  watchedRollouts,
  workOf,
  type Budget,
  type Collected,
  type CollectedRollout,
  type CollectedStatus,
  type Collector,
  type CollectorIdentity,
  type CollectProgress,
  type CollectRequest,
  type HeldRollout,
  type OpenRollout,
  type PlannedRollout,
  type RolloutsPlan,
} from './collect/index.js'
export { completenessCard, REQUIREMENTS, type Card, type CardItem, type Requirement } from './check/index.js'
export {
  importFormats,
  importPaths,
  ODDITIES,
  type FileReport,
  type ImportedTrajectory,
  type ImportOptions,
  type ImportReport,
} from './import/index.js'
export {
  assembleTrajectory,
  contentDigest,
  readTrajectory,
  serialiseTrajectory,
  trajectoryStore,
  writeTrajectory,
  type AllTrajectories,
  type StoredTrajectory,
  type TrajectoryStore,
} from './store/index.js'
export { sampleFolder } from './sample/index.js'
export { describeTrajectory, rowOfTrajectory, type TrajectoryRow } from './show/index.js'
export {
  conversationOf,
  exporterOf,
  exportFormats,
  exportTrajectory,
  type Exported,
  type Lost,
  type TrajectoryExporter,
} from './export/index.js'
export {
  exitCodeOf,
  playSession,
  prepareWorkspace,
  readWorkspace,
  runChild,
  sandboxAfter,
  type Ask,
  type ChildEnd,
  type Files,
  type Session,
} from './record/index.js'

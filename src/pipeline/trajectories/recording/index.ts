/** A person's session with any agent, recorded. */
export type { RecordedSession, RecordPlan } from './plan.js'
export { recordProject } from './recording.js'

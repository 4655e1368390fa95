/** Watching a job: its state, its log, and what its lines tell. */
export { followJob } from './follow.js'
export { Tracker } from './tracker.js'

/** Writes what goes by, in a thread of its own: the log, the trajectory, the manifest. */
export { startScribe, type Scribe } from './scribe.js'

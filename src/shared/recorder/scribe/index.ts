/** Writes what goes by, in a thread of its own: the log, the trajectory, the manifest. */
export { startScribe, type Scribe } from './scribe.js'
export { LARGEST_READ as LARGEST_HELD } from './held-body.js'
export { readCall, type RawExchange } from './read-call.js'
export { RecordedSession } from './session.js'
export { LARGEST_READ as LARGEST_STREAMED } from './streamed-body.js'

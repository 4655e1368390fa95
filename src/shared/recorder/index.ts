/** What stands between an agent and its model: it passes every byte on, keeps what went by, and makes a trajectory of it. */
export { readCalls, type RawCall } from './log/index.js'
export { RecordingManifest, RecordingMeta, rereadRecording, type Reread } from './reread/index.js'
export type * from './recorder.js'
export { startRecorder } from './start.js'

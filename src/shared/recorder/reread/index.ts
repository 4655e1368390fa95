/** A recording's trajectory, made again from its wire log. */
export { RecordingManifest, RecordingMeta } from './manifest.js'
export { rereadRecording, type Reread } from './reread.js'

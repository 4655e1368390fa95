import type { TrajectoryEvent, TrajectoryHeader } from '../../../nouns/index.js'
import type { RecordedCall } from '../call.js'
import type { Recorded, RecordingEnd } from '../recorder.js'

/** Calls as a trajectory. */
export interface CallAssembler {
  add(call: RecordedCall): void
  /** The trajectory as it is so far; with an end, as it stays. */
  events(end?: RecordingEnd): readonly (TrajectoryHeader | TrajectoryEvent)[]
  recorded(): Recorded
}

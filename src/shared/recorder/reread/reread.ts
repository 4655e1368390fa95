import type { TrajectoryEvent, TrajectoryHeader } from '../../../nouns/index.js'
import { habitsNamed } from '../../agents/index.js'
import { readLog } from '../log/index.js'
import { RecordedSession } from '../scribe/index.js'
import { callOf } from './exchange.js'
import type { RecordingManifest, RecordingMeta } from './manifest.js'

/** A recording on disk. */
export interface RecordingSource {
  /** Its wire log. */
  readonly log: string
  readonly meta: RecordingMeta
  /** Absent where the recording died. */
  readonly manifest?: RecordingManifest
  /** The trajectory's; where it does not name a model, that is whom the first call names. */
  readonly header: TrajectoryHeader
  readonly signal?: AbortSignal
}

/** What a recording comes to when it is read from its log. */
export interface Reread {
  readonly header: TrajectoryHeader
  /** An `end` among them only where the recording was whole. */
  readonly events: readonly TrajectoryEvent[]
  /** Calls to a model that cannot be read, and are not in the trajectory. */
  readonly unread: number
  /** Calls that were under way when the log ended: what had come by then is in the trajectory. */
  readonly open: number
  /** Lines of the log that cannot be read, and calls of which pieces are gone: the trajectory is not what it was. */
  readonly lost: number
  /** What was odd, a line each. */
  readonly notes: readonly string[]
}

/**
 * Makes a recording's trajectory again from its log: of one that ended, what was made then; of one that died, all up to its last complete
 * event. In memory is what the recorder itself would hold. An error of the disk is thrown.
 */
export async function rereadRecording({ log, meta, manifest, header, signal }: RecordingSource): Promise<Reread> {
  const habits = habitsNamed(meta.agent)
  const session = new RecordedSession(header, habits)
  const notes: string[] = []
  let [unread, open, lost] = [0, 0, 0]
  const onLost = (line: string): void => {
    lost += 1
    notes.push(line)
  }
  for await (const raw of readLog(log, onLost)) {
    if (signal?.aborted === true) break
    const call = await callOf(raw, meta.routes, habits)
    if (call === null) continue
    if (raw.how === undefined) open += 1
    if ('unread' in call) {
      if (call.isLost === true) lost += 1
      unread += 1
      notes.push(`call ${raw.id} is in the log, not in the trajectory: ${call.unread}`)
    } else session.add(call)
  }
  const end = manifest?.end
  const isWhole = end?.whole === true && open === 0 && lost === 0
  const [first, ...events] = session.lines(end === undefined ? undefined : { ...end, whole: isWhole })
  return {
    header: first as TrajectoryHeader,
    events: events as TrajectoryEvent[],
    ...{ unread, open, lost },
    notes: [...notes, ...session.recorded().oddities],
  }
}

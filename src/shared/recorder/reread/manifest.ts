import { z } from 'zod'
import { Outcome, RoundRecord, TrajectoryHeader } from '../../../nouns/index.js'

/** `meta.json` of a recording, written when it began. */
export const RecordingMeta = z.looseObject({
  /** By whose habits calls are read. */
  agent: z.string(),
  /** Route names, and the base URL or the model that answers. */
  routes: z.record(z.string(), z.string()).default({}),
  /** ISO 8601. */
  started: z.string().optional(),
  /** The trajectory's, as it was when the recording began. */
  header: TrajectoryHeader.optional(),
})
export type RecordingMeta = z.infer<typeof RecordingMeta>

/** `manifest.json` of a recording, written last. */
export const RecordingManifest = z.looseObject({
  /** What became known at the end. */
  end: z
    .object({
      rounds: z.array(RoundRecord),
      roundStarts: z.array(z.string()),
      outcome: Outcome,
      note: z.string().optional(),
      whole: z.boolean(),
    })
    .optional(),
})
export type RecordingManifest = z.infer<typeof RecordingManifest>

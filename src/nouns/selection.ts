import { z } from 'zod'
import { Made } from './made.js'
import { ReviewedMessage } from './review.js'

export const Chosen = z.object({
  trajectory: z.string(),
  digest: z.string(),
  /** Why it was picked: the coverage cell it fills. */
  cell: z.string(),
  /** What its review says of single messages, as it stood when this was chosen; with results that are cut because their call is. */
  messages: z.array(ReviewedMessage).optional(),
  /** Digest of what the review said; another one since makes the selection stale. */
  review: z.string().optional(),
})
export type Chosen = z.infer<typeof Chosen>

export const Excluded = z.object({
  trajectory: z.string(),
  /** Stable code: `check-failed`, `near-duplicate`, `not-needed`… */
  reason: z.string(),
  /** The particulars: which call, which twin, which task. */
  detail: z.string().optional(),
})
export type Excluded = z.infer<typeof Excluded>

/** Which trajectories teach, and a reason for every one left out. */
export const Selection = z.looseObject({
  format: z.literal('limi.selection/1'),
  name: z.string(),
  made: Made,
  chosen: z.array(Chosen),
  excluded: z.array(Excluded),
})
export type Selection = z.infer<typeof Selection>

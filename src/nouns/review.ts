import { z } from 'zod'

/**
 * What a message is used for: `train` (its tokens teach), `context` (it is shown and teaches nothing), `cut` (it is not there).
 * Only what the model itself emitted can be made to train.
 */
export const MessageUse = z.enum(['train', 'context', 'cut'])
export type MessageUse = z.infer<typeof MessageUse>

export const ReviewedMessage = z.looseObject({
  /** The message's id in the trajectory. */
  message: z.string(),
  /** Only where several threads have a message of this id. */
  thread: z.string().optional(),
  use: MessageUse,
  why: z.string().optional(),
})
export type ReviewedMessage = z.infer<typeof ReviewedMessage>

/** `reviews/<trajectory>.yaml`: what a person said of a trajectory, and which of its messages teach. */
export const Review = z.looseObject({
  format: z.literal('limi.review/1'),
  trajectory: z.string(),
  by: z.string().optional(),
  note: z.string().optional(),
  /** Messages that are not named are used as they are by default: what the model emitted trains. */
  messages: z.array(ReviewedMessage).default([]),
})
export type Review = z.infer<typeof Review>

import { done, type Message, type Result, type ReviewedMessage, type Trajectory } from '../../nouns/index.js'
import { resolveReview, type PlaceOfEntry } from './resolve.js'

/**
 * A trajectory as its review wants it taught: what is cut is not there, what is context has weight 0, what is to train has none.
 * An entry that does not fit the trajectory is a failure, as in `resolveReview`.
 */
export function applyReview(
  trajectory: Trajectory,
  entries: readonly ReviewedMessage[],
  placeOf: PlaceOfEntry,
): Result<Trajectory> {
  if (entries.length === 0) return done(trajectory)
  const resolved = resolveReview(trajectory, entries, placeOf)
  if (!resolved.ok) return resolved
  const threads = trajectory.threads.map((thread) => ({
    ...thread,
    messages: thread.messages.flatMap((message) => {
      const entry = resolved.value.find((one) => one.message === message.id && (one.thread ?? thread.id) === thread.id)
      return asUsed(message, entry)
    }),
  }))
  return done({ ...trajectory, threads })
}

function asUsed(message: Message, entry: ReviewedMessage | undefined): readonly Message[] {
  if (entry === undefined) return [message]
  if (entry.use === 'cut') return []
  if (entry.use === 'context') return [{ ...message, weight: 0 }]
  const { weight, ...rest } = message
  return [weight === 0 ? rest : message]
}

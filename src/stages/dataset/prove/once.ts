import type { SampleProof } from '../../../nouns/index.js'
import { trainsIn, type Stretch, type TrainingRule } from '../conversation/index.js'
import type { Trajectory } from '../../../nouns/index.js'

/**
 * Whether the samples of a trajectory train each message that is to train exactly once, and no other: what they train is read off their
 * proofs, what is to train off the trajectory.
 */
export function trainsOnce(
  trajectory: Trajectory,
  stretches: readonly Stretch[],
  rule: TrainingRule,
  proofs: readonly SampleProof[],
): boolean {
  const wanted = stretches.flatMap(({ thread, alreadyTrained }) =>
    thread.messages
      .filter((message) => trainsIn(message, trajectory, rule) && !alreadyTrained.has(message.id))
      .map(({ id }) => named(thread.id, id)),
  )
  const trained = proofs.flatMap(({ thread = '', spans }) =>
    [...new Set(spans.map(({ message }) => message))].map((id) => named(thread, id)),
  )
  const once = new Set(trained)
  return once.size === trained.length && once.size === wanted.length && wanted.every((message) => once.has(message))
}

const named = (thread: string, message: string): string => JSON.stringify([thread, message])

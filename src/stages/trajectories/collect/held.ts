import { z } from 'zod'
import { Usage, type Trajectory } from '../../../nouns/index.js'
import { addUsage, NO_USAGE } from '../../../shared/models/index.js'

/** What a rollout writes into its trajectory beside what was said: nothing that only the scorer knows. */
export const RolloutFacts = z.looseObject({
  /** Digest of the work. */
  work: z.string().catch(''),
  agent: z.string().optional().catch(undefined),
  attempt: z.number().int().positive().catch(1),
  seconds: z.number().nonnegative().optional().catch(undefined),
  /** Of agent, judges and simulated user together. */
  cost: z.number().nonnegative().optional().catch(undefined),
  /** Tokens of agent, judges and simulated user together, tries that were broken off included. */
  tokens: z.number().int().nonnegative().optional().catch(undefined),
  /** Tokens of the agent in tries that were broken off or met a fault. */
  discarded: Usage.optional().catch(undefined),
  best: z.boolean().optional().catch(undefined),
})
export type RolloutFacts = z.infer<typeof RolloutFacts>

/** A trajectory that lies there, as far as a campaign needs to know it. */
export interface HeldRollout {
  readonly id: string
  /** The query's id; of none where it was not made for one. */
  readonly query: string | undefined
  /** Digest of the query as it was. */
  readonly queryDigest: string | undefined
  readonly campaign: string | undefined
  readonly complete: boolean
  /** The name of the agent, where it was written down. */
  readonly agent: string | undefined
  readonly attempt: number
  readonly work: string
  readonly model: string
  readonly outcome: Trajectory['outcome']
  /** Rounds played. */
  readonly rounds: number
  /** The agent's own, as its end says. */
  readonly usage: Usage
  /** All tokens that the agent took for it so far, as its messages say: also of one that was broken off. */
  readonly taken: Usage
  readonly facts: RolloutFacts
}

/** What lies there, by id. */
export function heldRollouts(trajectories: readonly Trajectory[]): ReadonlyMap<string, HeldRollout> {
  return new Map(trajectories.map((trajectory) => [trajectory.id, heldOf(trajectory)]))
}

function heldOf(trajectory: Trajectory): HeldRollout {
  const facts = RolloutFacts.parse(trajectory.extra ?? {})
  const { agent, attempt, work, discarded } = facts
  const { id, query, source, tags, outcome, rounds, usage = NO_USAGE, complete } = trajectory
  return {
    ...{ id, complete, agent, attempt, work, outcome, usage, facts },
    query: query?.id,
    queryDigest: query?.digest,
    campaign: tags['campaign'],
    model: source.model,
    rounds: rounds.length,
    taken: addUsage(takenBy(trajectory), discarded),
  }
}

/** Counted as the calls were answered, so that it is known of a trajectory that was broken off too. */
function takenBy({ threads, asides }: Trajectory): Usage {
  const messages = [...threads, ...asides].flatMap((part) => part.messages)
  return messages.reduce((sum, { call }) => addUsage(sum, call?.usage), NO_USAGE)
}

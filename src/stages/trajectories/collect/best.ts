import { digestOfValue } from '../../../shared/project/index.js'
import type { Query } from '../../../nouns/index.js'
import type { HeldRollout } from './held.js'
import { tokensOf } from './purse.js'

/**
 * The attempt to keep of each query, by the query's id: of all finished rollouts of a campaign at the query as it is now, whoever the agent, the
 * first by success, then the larger share of the points, then fewer rounds, then fewer tokens of the agent (tries that were broken off do not count), then the earlier attempt, then the id.
 */
export function chooseBest(
  campaign: string,
  queries: readonly Query[],
  held: ReadonlyMap<string, HeldRollout>,
): ReadonlyMap<string, HeldRollout> {
  const best = new Map<string, HeldRollout>()
  const digests = new Map(queries.map((query) => [query.id, digestOfValue(query)]))
  for (const rollout of held.values()) {
    const { query, queryDigest, complete } = rollout
    if (query === undefined || !complete || rollout.campaign !== campaign || digests.get(query) !== queryDigest)
      continue
    const other = best.get(query)
    if (other === undefined || compare(rollout, other) < 0) best.set(query, rollout)
  }
  return best
}

/** What to change for these to be the marked ones of the campaign: ids, and whether each is to be marked. */
export function marksFor(
  campaign: string,
  best: ReadonlyMap<string, HeldRollout>,
  held: ReadonlyMap<string, HeldRollout>,
): ReadonlyMap<string, boolean> {
  const changes = new Map<string, boolean>()
  for (const { id, query, campaign: own, facts } of held.values()) {
    const chosen = query === undefined || own !== campaign ? undefined : best.get(query)
    if (chosen === undefined) continue
    const isBest = chosen.id === id
    if ((facts.best ?? false) !== isBest) changes.set(id, isBest)
  }
  return changes
}

function compare(a: HeldRollout, b: HeldRollout): number {
  const [left, right] = [rankOf(a), rankOf(b)]
  const at = left.findIndex((value, index) => value !== right[index])
  return at === -1 ? (a.id < b.id ? -1 : 1) : (left[at] ?? 0) - (right[at] ?? 0)
}

/** Smaller is better. */
const rankOf = ({ outcome, rounds, usage, attempt }: HeldRollout): readonly number[] => [
  outcome.status === 'success' ? 0 : 1,
  -(outcome.score ?? 0) / (outcome.max === undefined || outcome.max === 0 ? 1 : outcome.max),
  rounds,
  tokensOf(usage),
  attempt,
]

import { done, failed, type Failure, type Query, type Result, type Usage } from '../../../nouns/index.js'
import { digestOfValue, isId } from '../../../shared/project/index.js'
import type { HeldRollout } from './held.js'

/** Who works, and all of it that decides what comes out: agent, model, rounds, feedback, sandbox. */
export interface CollectorIdentity {
  /** The agent's name in limi.yaml. */
  readonly name: string
  /** A digest. */
  readonly setting: string
}

export interface RolloutsPlan {
  readonly campaign: string
  readonly queries: readonly Query[]
  /** In the order in which they were named. */
  readonly collectors: readonly CollectorIdentity[]
  /** K: attempts of each agent at each query. */
  readonly attempts: number
  /** What lies there under any id: {@link heldRollouts}. */
  readonly held: ReadonlyMap<string, HeldRollout>
}

/** One rollout of a campaign: one agent's attempt at one query. */
export interface PlannedRollout {
  /** The trajectory's id. */
  readonly id: string
  readonly query: Query
  /** A collector's name. */
  readonly agent: string
  /** 1-based. */
  readonly attempt: number
  /** Digest of the work: another query, agent, model or setting makes another. */
  readonly work: string
  /** `stale`: a finished trajectory of other work has its id, and is to be set aside. */
  readonly state: 'kept' | 'stale' | 'missing'
  /** What lies there, kept or broken off. */
  readonly held?: HeldRollout
}

/** The digest of one piece of work. Of first attempts it is as it was before there were others. */
export const workOf = (query: Query, setting: string, attempt: number): string =>
  digestOfValue([digestOfValue(query), setting, ...(attempt === 1 ? [] : [attempt])])

/**
 * The work list of a campaign: one rollout per query, agent and attempt; every query's first attempts before the second ones, so that a
 * campaign that is cut has something of each.
 *
 * Ids: an agent's first attempt is `<campaign>-<query>` for the agent that was named first (or already has it), as in campaigns of one agent; all
 * others are `<campaign>-<query>-<agent>-<attempt>`. So what has an id keeps it whatever is collected later. Failures: `collect.same-id` where
 * two rollouts would share one, or another query's trajectory has it; `id.invalid`.
 */
export function planRollouts(plan: RolloutsPlan): Result<readonly PlannedRollout[]> {
  const rollouts: PlannedRollout[] = []
  const ids = new Map<string, string>()
  for (let attempt = 1; attempt <= plan.attempts; attempt += 1) {
    for (const query of plan.queries) {
      for (const collector of plan.collectors) {
        const id = idOfRollout(plan, query, collector.name, attempt)
        const held = plan.held.get(id)
        const other =
          ids.get(id) ??
          (held === undefined || held.query === query.id ? undefined : (held.query ?? 'nothing asked here'))
        if (other !== undefined) return failed(sameId(id, query.id, other))
        if (!isId(id)) return failed(noId(id))
        ids.set(id, query.id)
        const work = workOf(query, collector.setting, attempt)
        const state = held?.complete !== true ? 'missing' : held.work === work ? 'kept' : 'stale'
        rollouts.push({
          id,
          query,
          agent: collector.name,
          attempt,
          work,
          state,
          ...(held === undefined ? {} : { held }),
        })
      }
    }
  }
  return done(rollouts)
}

function idOfRollout(
  { campaign, collectors, held }: RolloutsPlan,
  query: Query,
  agent: string,
  attempt: number,
): string {
  const plain = plainId(campaign, query.id)
  const full = short(`${plain}-${agent}-${attempt}`)
  if (attempt > 1 || held.get(full)?.agent === agent) return full
  const owner = held.get(plain)?.agent ?? collectors[0]?.name
  return owner === agent ? plain : full
}

/** The id of a campaign's first rollout of a query. */
export const plainId = (campaign: string, query: string): string => short(`${campaign}-${query}`)

const ID_CHARACTERS = 120

/** An id that is too long ends in the digest of the whole. */
const short = (id: string): string =>
  id.length <= ID_CHARACTERS ? id : `${id.slice(0, ID_CHARACTERS - 9)}-${digestOfValue(id).slice(0, 8)}`

const sameId = (id: string, query: string, other: string): Failure => ({
  kind: 'input',
  code: 'collect.same-id',
  message: `a rollout of ${query} and one of ${other} would both be called ${id}`,
  where: id,
  remedy: 'give the campaign another name: --name',
})

const noId = (id: string): Failure => ({
  kind: 'input',
  code: 'id.invalid',
  message: `${JSON.stringify(id)} cannot be an id: letters, digits, '.', '_' and '-' only`,
  remedy: 'give the campaign, or the agent in limi.yaml, another name',
})

/** Tokens that tries which were broken off took. */
export const discardedBy = ({ state, held }: PlannedRollout): Usage | undefined =>
  state === 'missing' ? held?.taken : undefined

import type { Trajectory } from '../../../nouns/index.js'
import type { Finding } from './own.js'
import { isSameRequest, RequestIndex, requestShingles } from './request.js'

/** Another selection, and what it chose as it lies. */
export interface Without {
  readonly name: string
  readonly trajectories: readonly Trajectory[]
}

/** What a trajectory was asked, small enough to hold that of many. */
export interface Asked {
  readonly id: string
  readonly query?: Trajectory['query']
  /** Shingles of the first request. */
  readonly request: ReadonlySet<string>
}

export const askedBy = (trajectory: Trajectory): Asked => ({
  id: trajectory.id,
  query: trajectory.query,
  request: requestShingles(trajectory),
})

/** What two trajectories have in common: they are one, answer one query (by id or digest), or were asked the same in the same words. */
export interface Sharing {
  readonly by: 'trajectory' | 'query' | 'request'
  readonly other: string
}

/** Says of a trajectory what it shares with any of these; null where nothing. Where nobody asked anything, nothing is the same. */
export function sharedWith(taught: readonly Asked[]): (one: Asked) => Sharing | null {
  const byId = new Map(taught.map((one) => [one.id, one]))
  const byQuery = new Map(taught.flatMap((one) => namesOf(one).map((name) => [name, one])))
  const byRequest = new RequestIndex<Asked>()
  for (const one of taught) if (!isSilent(one)) byRequest.add(one)
  return (one) => {
    if (byId.has(one.id)) return { by: 'trajectory', other: one.id }
    const [named] = namesOf(one).flatMap((name) => byQuery.get(name) ?? [])
    if (named !== undefined) return { by: 'query', other: named.id }
    if (isSilent(one)) return null
    const same = byRequest.near(one.request).find(({ request }) => isSameRequest(request, one.request))
    return same === undefined ? null : { by: 'request', other: same.id }
  }
}

const namesOf = ({ query }: Asked): readonly string[] =>
  query === undefined ? [] : [`id ${query.id}`, `digest ${query.digest}`]

/** No words make one empty shingle. */
const isSilent = ({ request }: Asked): boolean => request.has('')

/** `taught`: another selection chose it, or what was asked the same. */
export function taughtGate(without: readonly Without[]): (trajectory: Trajectory) => Finding {
  const gates = without.map(({ name, trajectories }) => ({ name, shared: sharedWith(trajectories.map(askedBy)) }))
  return (trajectory) => {
    if (gates.length === 0) return null
    const asked = askedBy(trajectory)
    for (const { name, shared } of gates) {
      const sharing = shared(asked)
      if (sharing !== null) return sharingWords(sharing, name)
    }
    return null
  }
}

/** In what a trajectory is that of a selection or dataset. */
export function sharingWords({ by, other }: Sharing, name: string): string {
  if (by === 'trajectory') return `it is in ${name}`
  return by === 'query'
    ? `it answers the query of ${other} in ${name}`
    : `it was asked what ${other} in ${name} was asked`
}

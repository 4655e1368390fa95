import type { Query, Trajectory } from '../../../nouns/index.js'
import { digestOfValue } from '../../../shared/project/index.js'
import type { Finding } from './own.js'
import { countIn, messagesOf, messageText, shinglesOf, tokensOf } from './text.js'

/** Share of a held-out request's shingles that, found in a trajectory, counts as its text: all but one word in twenty or more. */
export const LEAK_CONTAINMENT = 0.95

interface HeldOut {
  readonly id: string
  readonly digest: string
  readonly text: string
  readonly shingles: ReadonlySet<string>
  /** So many shingles that a trajectory without any of them cannot reach the threshold. */
  readonly probe: readonly string[]
}

/**
 * `leak`: the trajectory answers a held-out query (by id or digest), or says a held-out request anywhere in its threads: word for word,
 * or at least {@link LEAK_CONTAINMENT} of its three-token shingles. Upper and lower case and whitespace do not count.
 */
export function leakGate(heldOut: readonly Query[]): (trajectory: Trajectory) => Finding {
  const index = heldOut.map(prepare)
  return (trajectory) => {
    const [named] = findNamed(trajectory, index)
    if (named !== undefined) return named.words
    const [said] = findSaid(trajectory, index)
    return said?.words ?? null
  }
}

/** The ids of all the queries whose answer or request a trajectory holds, as {@link leakGate} sees it. */
export function leaksOf(queries: readonly Query[]): (trajectory: Trajectory) => readonly string[] {
  const index = queries.map(prepare)
  return (trajectory) => {
    const found = [...findNamed(trajectory, index), ...findSaid(trajectory, index)]
    return [...new Set(found.map(({ query }) => query))]
  }
}

interface Leak {
  readonly query: string
  readonly words: string
}

function prepare(query: Query): HeldOut {
  const tokens = tokensOf(query.request)
  const shingles = shinglesOf(tokens)
  const spare = shingles.size - Math.ceil(LEAK_CONTAINMENT * shingles.size)
  const probe = [...shingles].slice(0, spare + 1)
  return { id: query.id, digest: digestOfValue(query), text: ` ${tokens.join(' ')} `, shingles, probe }
}

function findNamed({ query }: Trajectory, index: readonly HeldOut[]): Leak[] {
  if (query === undefined) return []
  return index
    .filter(({ id, digest }) => id === query.id || digest === query.digest)
    .map(({ id }) => ({ query: id, words: `it answers the held-out query ${id}` }))
}

/** One after the other, so that who wants the first need not look for the others. */
function* findSaid(trajectory: Trajectory, index: readonly HeldOut[]): Generator<Leak> {
  const tokens = messagesOf(trajectory).flatMap((message) => tokensOf(messageText(message)))
  const text = ` ${tokens.join(' ')} `
  const shingles = shinglesOf(tokens)
  for (const held of index) {
    if (isShort(held) ? text.includes(held.text) : contains(shingles, held)) {
      const exactly = text.includes(held.text) ? 'word for word' : 'almost word for word'
      yield { query: held.id, words: `it says the request of the held-out query ${held.id} ${exactly}` }
    }
  }
}

/** A request within one shingle is no shingle of a longer text. */
const isShort = (held: HeldOut): boolean => held.shingles.size === 1

function contains(shingles: ReadonlySet<string>, held: HeldOut): boolean {
  if (!held.probe.some((shingle) => shingles.has(shingle))) return false
  return countIn(held.shingles, shingles) >= LEAK_CONTAINMENT * held.shingles.size
}

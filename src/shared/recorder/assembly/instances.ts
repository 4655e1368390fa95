import type { Draft, Place } from './draft.js'
import { callIdIn, isWhole, type Entry, type Node, type SpawnCall } from './history.js'
import type { Recording } from './recording.js'
import { isWholeTurn } from './spawns.js'
import type { SideCalls } from './side-calls.js'

/** A run of a sub-agent: the call that started it, and where its first request ends once it is written. */
export interface Instance {
  readonly link?: SpawnCall
  thread?: Draft
  asked?: Place
}

/**
 * Ties the first requests of sub-agents to the calls that started them. Several may have the same prompt: each call is used once, first for
 * requests whose answer a later one shows; where several would do, for the one whose report its result is. What is left over is another attempt of the same run.
 */
export function instancesOf(recording: Recording, sides: SideCalls): ReadonlyMap<Entry, Instance> {
  const used = new Set<SpawnCall>()
  const found = new Map<Entry, Instance>()
  for (const attempts of groupsOf(recording.entries.filter((one) => isFirst(one) && !sides.has(one)))) {
    const [first] = attempts as [Entry]
    const links = linksOf(first, recording).filter((link) => !used.has(link) && !sides.has(link.entry))
    if (links.length === 0 && first.call.identity.subagent === undefined) continue
    tie(attempts, links, recording, used, found)
  }
  return found
}

const isFirst = ({ after, compacted, links, atoms }: Entry): boolean =>
  after === undefined && (compacted === undefined || links.some((link) => isWholeTurn(link, atoms)))

function groupsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const groups = new Map<Node, Entry[]>()
  for (const entry of entries) {
    const group = groups.get(entry.shown)
    if (group === undefined) groups.set(entry.shown, [entry])
    else group.push(entry)
  }
  return [...groups.values()]
}

/** By the prompt; or, where the caller is known to be a sub-agent or works under another prompt, by a call that waits for one. */
function linksOf(entry: Entry, { spawns, results }: Recording): readonly SpawnCall[] {
  if (entry.links.length > 0) return entry.links
  const isNamed = entry.call.identity.subagent !== undefined
  const pending = spawns.known(entry.seq).filter((spawn) => (resultOf(spawn, results)?.seq ?? Infinity) > entry.seq)
  return pending.filter(
    (spawn) => isNamed || (entry.tools !== undefined && spawn.entry.system.family !== entry.system.family),
  )
}

function tie(
  attempts: readonly Entry[],
  links: readonly SpawnCall[],
  { results }: Recording,
  used: Set<SpawnCall>,
  found: Map<Entry, Instance>,
): void {
  const shown = attempts.filter(({ followers }) => followers.length > 0)
  const whole = attempts.filter((one) => !shown.includes(one) && isWhole(one))
  const more = Math.max(0, links.length - shown.length)
  const owners = [...shown, ...(more === 0 ? [] : whole.slice(-more))].sort((a, b) => a.seq - b.seq)
  const own = owners.length > 0 ? owners.slice(0, Math.max(1, links.length)) : attempts.slice(-1)
  const reported = new Map<Entry, SpawnCall>()
  for (const owner of links.length > 1 ? own : []) {
    const link = links.find((one) => !used.has(one) && isReport(resultOf(one, results)?.atom.text, owner))
    if (link === undefined) continue
    used.add(link)
    reported.set(owner, link)
  }
  const instances = own.map((owner) => {
    const link = reported.get(owner) ?? links.find((one) => !used.has(one) && one.entry.seq < owner.seq)
    if (link !== undefined) used.add(link)
    return { owner, instance: link === undefined ? {} : { link } }
  })
  for (const entry of attempts) {
    const next = instances.find(({ owner }) => owner.seq >= entry.seq) ?? instances.at(-1)
    if (next !== undefined) found.set(entry, next.instance)
  }
}

const resultOf = ({ entry, call }: SpawnCall, results: Recording['results']) => results.get(callIdIn(entry, call.id))

/** A shorter answer may stand in any result. */
const LEAST = 12

/** Whether a result tells what a sub-agent said last. */
function isReport(result: string | undefined, owner: Entry): boolean {
  let last = owner
  for (let next = last.followers.at(-1); next !== undefined; next = last.followers.at(-1)) last = next
  const said = last.chain.find(({ atom }) => atom?.kind === 'text')?.atom?.text ?? ''
  return result !== undefined && said.length >= LEAST && result.includes(said)
}

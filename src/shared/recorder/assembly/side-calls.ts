import { isWhole, type Entry } from './history.js'

/** Why a call is no turn, by call; calls that are not in it are turns, or attempts at one. */
export type SideCalls = ReadonlyMap<Entry, string>

/** Tells the calls that an agent makes beside a conversation. What follows a call decides, so they are looked at from the last to the first. */
export function sideCallsOf(entries: readonly Entry[]): SideCalls {
  const sides = new Map<Entry, string>()
  for (const entry of entries) if (entry.purpose !== undefined) sides.set(entry, entry.purpose)
  for (const { compacted } of entries) {
    if (compacted?.summary !== undefined) sides.set(compacted.summary, 'compact: the conversation is summed up')
  }
  const rest = entries.filter((entry) => !sides.has(entry))
  const some = {
    tools: rest.some(({ tools }) => tools !== undefined),
    free: rest.some(({ call }) => !call.request.wantsSchema),
    families: new Set(rest.filter((one) => isLine(one, sides)).map(({ system }) => system.family)),
  }
  for (const entry of [...rest].reverse()) {
    const why = isFollowed(entry, sides) ? null : reasonFor(entry, some, sides)
    if (why !== null) sides.set(entry, why)
  }
  return sides
}

interface Others {
  readonly tools: boolean
  readonly free: boolean
  /** Of the system prompts with which conversations are held. */
  readonly families: ReadonlySet<number>
}

const isFollowed = (entry: Entry, sides: SideCalls): boolean => entry.followers.some((one) => !sides.has(one))

/** Whether a call shows that its system prompt is one of conversations. */
const isLine = (entry: Entry, sides: SideCalls): boolean => isFollowed(entry, sides) || entry.after !== undefined

function reasonFor(entry: Entry, others: Others, sides: SideCalls): string | null {
  const { after, links, tools, call, system, compacted } = entry
  if (links.length > 0 || call.identity.subagent !== undefined) return null
  if (call.request.wantsSchema && others.free) return 'a side call: its answer had to follow a schema'
  if (after !== undefined)
    return isFork(entry, after, sides) ? 'a side call: it shows a conversation under another system prompt' : null
  if (compacted !== undefined) return tools === undefined && others.tools ? 'a side call: no tools' : null
  if (tools === undefined && others.tools) return 'a side call: no tools, and nothing goes on from it'
  const isOther = others.families.size > 0 && !others.families.has(system.family)
  return isOther ? 'a side call: another system prompt, and nothing goes on from it' : null
}

/** A conversation that goes on otherwise, without what this call showed and said. */
function isFork(entry: Entry, after: Entry, sides: SideCalls): boolean {
  const isOther = entry.system.family !== after.system.family
  const losesTools = entry.tools === undefined && after.tools !== undefined
  if (!isOther && !losesTools) return false
  if (isOther && losesTools) return true
  return after.followers.some((one) => one !== entry && !sides.has(one) && (isWhole(one) || one.seq > entry.seq))
}

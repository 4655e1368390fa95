import type { Message, ScriptEntry, ScriptReply } from '../../../nouns/index.js'
import type { ModelRequest } from '../model.js'
import { textOf } from '../text.js'

/** What a script has to say to a conversation. */
export interface Choice {
  readonly entry: ScriptEntry
  /** 0-based number of the reply. */
  readonly turn: number
  /** Absent where the entry has no more replies. */
  readonly reply?: ScriptReply
}

/** The entry for a request: by the exact first user message, else by what occurs in it, else the one for any conversation. */
export function chooserOf(entries: readonly ScriptEntry[]): (request: ModelRequest) => Choice | null {
  const plain = entries.filter(({ match }) => match === undefined)
  const matching = entries.filter(({ match }) => match !== undefined)
  const byRequest = new Map(plain.map((entry) => [entry.request, entry]))
  return ({ messages }) => {
    const exact = byRequest.get(firstRequest(messages))
    if (exact !== undefined) return choiceFrom(exact, messages, 0)
    const latest = latestOf(matching, messages)
    if (latest !== null) return choiceFrom(latest.entry, messages, latest.at)
    const any = byRequest.get(undefined)
    return any === undefined ? null : choiceFrom(any, messages, 0)
  }
}

export function firstRequest(messages: readonly Message[]): string {
  const first = messages.find((message) => message.role === 'user')
  return first === undefined ? '' : textOf(first.content)
}

function choiceFrom(entry: ScriptEntry, messages: readonly Message[], from: number): Choice {
  const turn = messages.slice(from).filter((message) => message.role === 'assistant').length
  return { entry, turn, reply: entry.replies[turn] }
}

/** Of two entries that match the same message, the one that names the system prompt speaks; else the first of the script. */
function latestOf(entries: readonly ScriptEntry[], messages: readonly Message[]) {
  let best: { readonly entry: ScriptEntry; readonly at: number; readonly weight: number } | null = null
  for (const entry of entries) {
    const at = matchedAt(entry, messages)
    if (at < 0) continue
    const { user, system } = entry.match ?? {}
    const weight = at * 4 + (system === undefined ? 0 : 2) + (user === undefined ? 0 : 1)
    if (best === null || weight > best.weight) best = { entry, at, weight }
  }
  return best
}

/** Index of the last user message that an entry matches; -1 where it matches none. */
function matchedAt({ match }: ScriptEntry, messages: readonly Message[]): number {
  const { user = '', system } = match ?? {}
  const isSystem = ({ role, content }: Message): boolean => role === 'system' && textOf(content).includes(system ?? '')
  if (system !== undefined && !messages.some(isSystem)) return -1
  return messages.findLastIndex(({ role, content }) => role === 'user' && textOf(content).includes(user))
}

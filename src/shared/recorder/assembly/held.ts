import type { WireMessage, WireRequest } from '../../wire/index.js'
import type { Atom } from './atoms.js'
import type { Entry } from './history.js'
import { systemPartOf } from './systems.js'

/** What a model was shown: what the request says, after what the service held. */
export interface Seen {
  readonly system: readonly WireMessage[]
  /** What the request goes on from. */
  readonly before: readonly Atom[]
  readonly after: readonly WireMessage[]
  /** What the service held and nobody recorded. */
  readonly missing?: string
}

/** Histories that a service keeps, by the ids of the responses that ended them. */
export class HeldHistories {
  readonly #byResponse = new Map<string, Entry>()

  learn(entry: Entry): void {
    const { id, message } = entry.call.response ?? {}
    if (id !== undefined && message !== undefined) this.#byResponse.set(id, entry)
  }

  seenIn({ messages, continues, hasInstructions }: WireRequest): Seen {
    const plain = plainly(messages)
    if (continues === undefined) return plain
    const { response, conversation } = continues
    const entry = response === undefined ? undefined : this.#byResponse.get(response)
    const answer = entry?.call.response?.message
    if (entry === undefined || answer === undefined) {
      return {
        ...plain,
        missing: response === undefined ? `conversation ${conversation ?? ''}` : `response ${response}`,
      }
    }
    const own = hasInstructions === true ? 1 : 0
    const kept = entry.system.messages.slice(entry.call.request.hasInstructions === true ? 1 : 0)
    return {
      system: [...messages.slice(0, own), ...kept],
      before: entry.atoms,
      after: [answer, ...messages.slice(own)],
    }
  }
}

function plainly(messages: readonly WireMessage[]): Seen {
  const system = systemPartOf(messages)
  return { system, before: [], after: messages.slice(system.length) }
}

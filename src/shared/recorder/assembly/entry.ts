import type { ToolSpec } from '../../../nouns/index.js'
import type { RecordedCall } from '../call.js'
import type { Atom } from './atoms.js'
import type { Node } from './node.js'
import type { SpawnCall } from './spawns.js'
import type { SystemPrompt } from './systems.js'

/** A call, and where it stands in the tree of all histories. */
export interface Entry {
  readonly call: RecordedCall
  /** Its number in the order of requests. */
  readonly seq: number
  /** Whose calls it may join by what they say. */
  readonly space: string
  readonly system: SystemPrompt
  /** Digest of its tools; absent where it offered none. */
  readonly tools?: { readonly digest: string; readonly list: readonly ToolSpec[] }
  readonly atoms: readonly Atom[]
  /** The end of what its request shows. */
  readonly shown: Node
  /** What its response says, from the first atom to the last. */
  chain: readonly Node[]
  /** The answer that its request goes on from. */
  readonly after?: Entry
  /** The calls that go on from its answer. */
  readonly followers: Entry[]
  readonly rejoined?: Rejoined
  readonly compacted?: Compacted
  /** Calls of sub-agents whose prompt stands in its first turn. */
  readonly links: readonly SpawnCall[]
  /** What the habits say that it is for. */
  readonly purpose?: string
}

/** A history that was rewritten, and by which measure it was known again. */
export interface Rejoined {
  readonly measure: 'lcs'
  /** How many of the answers and results up to the last one in common are in both. */
  readonly share: number
  /** What stands in the rewritten history alone. */
  readonly added: readonly Atom[]
  /** What says something else there. */
  readonly changed: readonly { readonly from: Atom; readonly to: Atom }[]
  /** How much of the earlier history is left out. */
  readonly missing: number
}

export interface Compacted {
  readonly why: string
  /** The call that wrote the summary. */
  readonly summary?: Entry
  /** The last call of the history that it stands for. */
  readonly line: Entry
  /** How many of its atoms stand for history. */
  readonly rebuilt: number
}

/** Whether a call has an answer that is whole. */
export const isWhole = ({ call: { response } }: Entry): boolean =>
  response?.message !== undefined && response.complete && response.error === undefined

/** The id by which a call of an answer is known: its own, or the one that later requests give it. */
export function callIdIn({ call, chain }: Entry, id: string): string {
  const at = call.response?.message?.toolCalls?.findIndex((one) => one.id === id) ?? -1
  return chain.filter(({ atom }) => atom?.kind === 'call')[at]?.callId ?? id
}

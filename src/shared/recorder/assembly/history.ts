import type { ToolCall, ToolSpec } from '../../../nouns/index.js'
import type { RecordedCall } from '../call.js'
import type { Atom } from './atoms.js'
import type { SystemPrompt } from './systems.js'

/** An atom in the tree of all histories; what stands above it came before. */
export class Node {
  readonly parent: Node | null
  readonly atom: Atom | null
  readonly depth: number
  /** The number of the call that showed or said it first. */
  readonly seq: number
  /** The call whose answer says it. */
  said: Entry | undefined
  /** The same in a history before it was rewritten. */
  alias: Node | undefined
  /** Of a call or a result, once a request names it. */
  callId: string | undefined
  readonly #children = new Map<number, Node[]>()

  constructor(parent: Node | null, atom: Atom | null, seq: number) {
    this.parent = parent
    this.atom = atom
    this.seq = seq
    this.depth = parent === null ? 0 : parent.depth + 1
    this.callId = isMade(atom?.callId) ? undefined : atom?.callId
  }

  add(atom: Atom, seq: number): Node {
    const child = new Node(this, atom, seq)
    const alike = this.#children.get(atom.key)
    if (alike === undefined) this.#children.set(atom.key, [child])
    else alike.push(child)
    return child
  }

  saying(atom: Atom): readonly Node[] {
    return this.#children.get(atom.key) ?? []
  }

  children(): Node[] {
    return [...this.#children.values()].flat()
  }

  /** Whether it can be what a request of this number shows: no answer is shown before it was asked for. */
  fits(atom: Atom, seq: number): boolean {
    if (this.said !== undefined && this.said.seq >= seq) return false
    return this.callId === undefined || isMade(atom.callId) || this.callId === atom.callId
  }

  /** From the root's child to this. */
  path(): Node[] {
    const nodes = new Array<Node>(this.depth)
    if (this.depth === 0) return nodes
    nodes[this.depth - 1] = this
    for (let at = this.parent; at !== null && at.depth > 0; at = at.parent) nodes[at.depth - 1] = at
    return nodes
  }
}

/** Readers of bodies name calls without an id `call0`, or by a digest; an agent then makes ids of its own. */
const isMade = (id: string | undefined): boolean =>
  id === undefined || /^call(?:\d{1,3}|_[0-9a-f]{16}(?:_\d+)?)$/.test(id)

/** A call that may have started a sub-agent. */
export interface SpawnCall {
  readonly entry: Entry
  readonly call: ToolCall
  /** Its texts without white space, the longest first. */
  readonly texts: readonly string[]
  /** Whether its tool is known to start sub-agents. */
  readonly isKnown: boolean
}

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
  /** What of its history the service held, and nobody recorded. */
  readonly missing?: string
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

import type { Atom } from './atoms.js'
import type { Entry } from './entry.js'

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

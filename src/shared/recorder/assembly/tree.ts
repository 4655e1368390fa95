import type { Atom } from './atoms.js'
import type { Entry, Node } from './history.js'

/** Puts what a request shows anew under what was known. */
export function grow(end: Node, atoms: readonly Atom[], seq: number): Node {
  return atoms.reduce((node, atom) => node.add(atom, seq), end)
}

/**
 * Puts an answer under its request. It is a line of its own, even where another attempt said the same; a line that a request shows
 * already, whose answer is told of only now, becomes its own.
 */
export function answer(entry: Entry, atoms: readonly Atom[]): readonly Node[] {
  const chain: Node[] = []
  let node = entry.shown
  for (const atom of atoms) {
    const adopted = node.saying(atom).find((child) => child.said === undefined && child.seq > entry.seq)
    node = adopted ?? node.add(atom, entry.seq)
    node.said = entry
    chain.push(node)
  }
  return chain
}

/** The answer that a history goes on from. */
export function answeredBy(end: Node): Entry | undefined {
  for (let node: Node | null = end; node !== null; node = node.alias ?? node.parent) {
    if (node.said !== undefined) return node.said
  }
  return undefined
}

import type { Atom } from './atoms.js'
import type { Node } from './history.js'

export interface Walked {
  readonly end: Node
  /** How many atoms the tree holds already. */
  readonly count: number
}

/** Follows a history down the tree as far as it was shown or said before. */
export function walk(root: Node, atoms: readonly Atom[], seq: number): Walked {
  let front: readonly Node[] = [root]
  let count = 0
  for (const atom of atoms) {
    const next = step(front, atom, seq)
    if (next.length === 0) break
    front = next
    count += 1
  }
  const end = front.reduce((best, one) => (rank(one) >= rank(best) ? one : best))
  learn(end, atoms.slice(0, count))
  return { end, count }
}

/** Of attempts that say the same, the last is the one that an agent waited for. */
const rank = (node: Node): number => node.said?.seq ?? node.seq

function step(front: readonly Node[], atom: Atom, seq: number): readonly Node[] {
  const [only] = front
  const saying = front.length === 1 ? only?.saying(atom) : undefined
  if (saying?.length === 1 && saying[0]?.fits(atom, seq) === true) return saying
  const exact = front.flatMap((node) => node.saying(atom).filter((child) => child.fits(atom, seq)))
  if (exact.length > 0) return exact
  if (atom.kind === 'empty') return front
  if (atom.kind === 'text') return front.flatMap((node) => consume(node, atom.text, seq))
  if (atom.kind === 'call') return front.flatMap((node) => sameCall(node, atom, seq))
  return []
}

/** Agents write several answers as one text, and show a broken one as far as they had received it. */
function consume(node: Node, text: string, seq: number): Node[] {
  const texts = node.children().filter((child) => child.atom?.kind === 'text' && (child.said?.seq ?? -1) < seq)
  return texts.flatMap((child) => {
    const own = child.atom?.text ?? ''
    if (text === own) return [child]
    if (text.startsWith(own)) return consume(child, text.slice(own.length), seq)
    return child.said !== undefined && own.startsWith(text) ? [child] : []
  })
}

/** Some agents mend the arguments of a call before they show it again. */
function sameCall(node: Node, atom: Atom, seq: number): Node[] {
  const name = nameOf(atom)
  return node
    .children()
    .filter((child) => child.atom?.kind === 'call' && child.said !== undefined && child.said.seq < seq)
    .filter((child) => child.callId !== undefined && child.callId === atom.callId && nameOf(child.atom) === name)
}

const nameOf = (atom: Atom | null): string | undefined =>
  atom?.source.toolCalls?.find(({ id }) => id === atom.callId)?.name

/** A request names calls that their own response did not. */
function learn(end: Node, atoms: readonly Atom[]): void {
  const path = end.path()
  if (path.length !== atoms.length) return
  for (const [at, node] of path.entries()) node.callId ??= atoms[at]?.callId
}

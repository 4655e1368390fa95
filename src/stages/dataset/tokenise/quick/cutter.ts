/** One piece of a text: an added token with its id, or what lies between two (id −1). */
export interface Piece {
  readonly start: number
  readonly end: number
  readonly id: number
}

export type Cutter = (text: string) => Piece[]

export interface CutToken {
  readonly id: number
  readonly content: string
  readonly normalized: boolean
}

/** A node of a trie by UTF-16 units. */
interface Node {
  readonly next: Map<number, Node>
  id: number
}

interface Trie extends Node {
  /** By unit: 1 where a token begins with it. */
  readonly firsts: Uint8Array
}

/**
 * Cuts a text at added tokens as the tokeniser does: at the leftmost, of several at one place at the longest; first at those
 * that are matched in the text as given, then, in what is left, at those that are matched in the normalised text.
 */
export function openCutter(tokens: readonly CutToken[]): Cutter {
  const asGiven = trieOf(tokens.filter(({ normalized }) => !normalized))
  const normalised = trieOf(tokens.filter(({ normalized }) => normalized))
  return (text) =>
    cutAt(asGiven, text, 0, text.length).flatMap((piece) =>
      piece.id >= 0 || normalised.next.size === 0 ? [piece] : cutAt(normalised, text, piece.start, piece.end),
    )
}

function trieOf(tokens: readonly CutToken[]): Trie {
  const root: Trie = { next: new Map(), id: -1, firsts: new Uint8Array(0x10000) }
  for (const { id, content } of tokens) {
    if (content === '') continue
    root.firsts[content.charCodeAt(0)] = 1
    let node: Node = root
    for (let at = 0; at < content.length; at += 1) {
      const unit = content.charCodeAt(at)
      const next = node.next.get(unit) ?? { next: new Map<number, Node>(), id: -1 }
      node.next.set(unit, next)
      node = next
    }
    node.id = id
  }
  return root
}

function cutAt(root: Trie, text: string, start: number, end: number): Piece[] {
  const pieces: Piece[] = []
  let from = start
  for (let at = start; at < end;) {
    const found = root.firsts[text.charCodeAt(at)] === 1 ? longestAt(root, text, at, end) : null
    if (found === null) {
      at += 1
      continue
    }
    if (from < at) pieces.push({ start: from, end: at, id: -1 })
    pieces.push(found)
    at = found.end
    from = at
  }
  if (from < end) pieces.push({ start: from, end, id: -1 })
  return pieces
}

function longestAt(root: Node, text: string, start: number, end: number): Piece | null {
  let found: Piece | null = null
  let node: Node | undefined = root
  for (let at = start; at < end; at += 1) {
    node = node.next.get(text.charCodeAt(at))
    if (node === undefined) break
    if (node.id >= 0) found = { start, end: at + 1, id: node.id }
  }
  return found
}

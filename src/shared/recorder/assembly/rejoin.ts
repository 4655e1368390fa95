import { isModels, type Atom } from './atoms.js'
import type { Node, Rejoined } from './history.js'

export interface Alignment extends Rejoined {
  /** `cut`: the end of the earlier history is in both, too little of what came before. */
  readonly kind: 'rewritten' | 'cut'
  /** For each atom up to the last one in common: what it was before, where it was there. */
  readonly same: readonly (Node | null)[]
}

interface Shared {
  readonly path: number
  readonly atoms: number
}

/** As much of the answers and results must be in both histories, for the later one to be the earlier one rewritten. */
const ENOUGH = 0.8
/** Of the answers in the later history, as many must be known. */
const KNOWN = 0.5
const MOST_CELLS = 4_000_000

/**
 * Whether a history is an earlier one that was rewritten: by the longest common subsequence of what both say. A result counts as the same where
 * its call is, since agents shorten results; ids count for nothing, since agents make new ones.
 * @param from how many atoms of each are known to be the same
 */
export function align(path: readonly Node[], atoms: readonly Atom[], from: Shared): Alignment | null {
  const before = path.flatMap(({ atom }) => atom ?? [])
  const named = path.flatMap(({ atom, callId }) =>
    atom === null ? [] : [callId === undefined ? atom : { ...atom, callId }],
  )
  const [olds, news] = [looseKeys(named).slice(from.path), looseKeys(atoms).slice(from.atoms)]
  if (olds.length * news.length > MOST_CELLS) return null
  const pairs = commonSubsequence(olds, news).map(([a, b]) => [a + from.path, b + from.atoms] as const)
  const [lastOld, lastNew] = pairs.at(-1) ?? [-1, -1]
  const isAnchor = (atom: Atom | undefined): boolean => atom !== undefined && (isModels(atom) || atom.kind === 'result')
  if (!pairs.some(([a]) => isSaid(path[a]))) return null
  const matched = before.slice(0, from.path).filter(isAnchor).length + pairs.filter(([a]) => isAnchor(before[a])).length
  const share = matched / before.slice(0, lastOld + 1).filter(isAnchor).length
  const known = matched / atoms.slice(0, lastNew + 1).filter(isAnchor).length
  const isWhole = !before.slice(lastOld + 1).some(isModels)
  const kept = new Set(pairs.map(([a]) => a))
  const dropped = before.slice(0, lastOld + 1).filter((_, at) => at >= from.path && !kept.has(at))
  const kind = kindOf(share, known, isWhole, dropsTurn(dropped))
  if (kind === null) return null
  const partner = new Map(pairs.map(([a, b]) => [b, a]))
  const places = Array.from({ length: lastNew + 1 - from.atoms }, (_, at) => partner.get(at + from.atoms))
  return {
    kind,
    measure: 'lcs',
    share,
    same: places.map((place) => (place === undefined ? null : (path[place] ?? null))),
    added: places.flatMap((place, at) => (place === undefined ? (atoms[at + from.atoms] ?? []) : [])),
    changed: pairs.flatMap(([a, b]) => changeOf(before[a], atoms[b])),
    missing: lastOld + 1 - from.path - pairs.length,
  }
}

/** Said by a response that was recorded; an agent begins each history that it sums up with the same words. */
const isSaid = (node: Node | undefined): boolean => (node?.alias ?? node)?.said !== undefined

function kindOf(share: number, known: number, isWhole: boolean, isShorter: boolean): Alignment['kind'] | null {
  if (known < KNOWN) return null
  if (isShorter && isWhole) return 'cut'
  if (share >= ENOUGH) return 'rewritten'
  return isWhole ? 'cut' : null
}

/** Whether somebody's words and an answer are left out: a resumed session loses less. */
const dropsTurn = (dropped: readonly Atom[]): boolean =>
  dropped.some(isModels) && dropped.some(({ kind }) => kind === 'user')

function changeOf(from: Atom | undefined, to: Atom | undefined): { from: Atom; to: Atom }[] {
  return from === undefined || to === undefined || from.key === to.key ? [] : [{ from, to }]
}

/** What an atom says, a result by its call alone. */
function looseKeys(atoms: readonly Atom[]): readonly (number | string)[] {
  const calls = new Map<string, number>()
  return atoms.map(({ kind, key, callId }) => {
    if (kind === 'call' && callId !== undefined) calls.set(callId, key)
    const call = kind === 'result' ? calls.get(callId ?? '') : undefined
    return call === undefined ? key : `result of ${call}`
  })
}

type Key = number | string

/** Pairs of places, in order. */
function commonSubsequence(a: readonly Key[], b: readonly Key[]): readonly (readonly [number, number])[] {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pairs: [number, number][] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return pairs
}

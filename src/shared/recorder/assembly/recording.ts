import type { ToolSpec } from '../../../nouns/index.js'
import type { AgentHabits } from '../../agents/index.js'
import { digestOfValue } from '../../project/index.js'
import type { RecordedCall } from '../call.js'
import { isModels, type Atom } from './atoms.js'
import { compactionOf, cutFrom } from './compaction.js'
import { HeldHistories } from './held.js'
import { Node, type Compacted, type Entry } from './history.js'
import { Interner } from './interner.js'
import { align, type Alignment } from './rejoin.js'
import { Spawns } from './spawns.js'
import { Systems } from './systems.js'
import { answer, answeredBy, grow } from './tree.js'
import { walk, type Walked } from './walk.js'

/** How many lines of conversation a rewritten history is compared with. */
const CANDIDATES = 8

type Request = Pick<Entry, 'seq' | 'space' | 'system' | 'atoms'>

/** With the last call of the earlier history. */
type Aligned = Alignment & { readonly line: Entry }

/** All calls of a recording in one tree of what they showed and said. */
export class Recording {
  readonly entries: Entry[] = []
  readonly spawns: Spawns
  /** The results of calls, each with the number of the first request that shows it. */
  readonly results = new Map<string, { readonly seq: number; readonly atom: Atom }>()
  readonly habits: AgentHabits
  readonly #interner = new Interner()
  readonly #systems = new Systems()
  readonly #held = new HeldHistories()
  readonly #roots = new Map<string, { readonly root: Node; readonly space: string }>()
  readonly #tools = new Map<string, { digest: string; list: readonly ToolSpec[] }>()

  constructor(habits: AgentHabits) {
    this.habits = habits
    this.spawns = new Spawns(habits)
  }

  add(call: RecordedCall): void {
    const seq = Number(/^c(\d+)$/.exec(call.id)?.[1] ?? this.entries.length + 1)
    const seen = this.#held.seenIn(call.request)
    const system = this.#systems.take(seen.system)
    const atoms = [...seen.before, ...this.#interner.atoms(seen.after)]
    const { session, subagent } = call.identity
    const space = `${session ?? ''}/${subagent ?? ''}`
    const joined = this.#join({ seq, space, system, atoms })
    const after = answeredBy(joined.shown)
    const purpose = call.identity.purpose ?? this.habits.purposeOf(call.request)
    const tools = this.#toolsOf(call.request.tools)
    this.#keep({
      // Of its history the tree holds what is new: a session's calls repeat it each time, and would be held each time.
      call: { ...call, request: { ...call.request, messages: [], tools: [] } },
      ...{ seq, space, system, atoms, chain: [], followers: [], ...joined },
      links: after === undefined ? this.spawns.begin(atoms, seq) : [],
      ...(tools === undefined ? {} : { tools }),
      ...(after === undefined ? {} : { after }),
      ...(purpose === undefined ? {} : { purpose }),
      ...(seen.missing === undefined ? {} : { missing: seen.missing }),
    })
  }

  /** Puts a request into the tree: where its history is known, known again, or summed up. */
  #join(request: Request): Pick<Entry, 'shown' | 'rejoined' | 'compacted'> {
    const { seq, space, system, atoms } = request
    const walked = this.#find(request, this.#rootOf(space, system.family))
    const plain = atoms.slice(walked.count)
    const before = this.entries.filter((one) => one.seq < seq)
    const isUnknown = plain.some(isModels)
    const rest = isUnknown ? plain.flatMap(this.#interner.spread) : plain
    const aligned = isUnknown ? this.#align(before, space, [...atoms.slice(0, walked.count), ...rest], walked) : null
    const news = unknownIn(plain, rest, aligned)
    const compacted = this.#summed(request, walked, news, before) ?? cutIn(atoms, aligned)
    if (compacted === undefined && aligned?.kind === 'rewritten') {
      return { shown: this.#rewritten(walked, rest, aligned, seq), rejoined: aligned }
    }
    return { shown: grow(walked.end, plain, seq), ...(compacted === undefined ? {} : { compacted }) }
  }

  #summed(
    { atoms, space, system }: Request,
    walked: Walked,
    news: readonly Atom[],
    before: readonly Entry[],
  ): Compacted | undefined {
    if (answeredBy(walked.end) !== undefined || isCompactedAlready(walked, before)) return undefined
    const line = before.findLast((one) => one.space === space && one.system.family === system.family)
    return compactionOf(news, atoms, before, line, this.habits)
  }

  #keep(entry: Entry): void {
    const { message } = entry.call.response ?? {}
    entry.chain = message === undefined ? [] : answer(entry, this.#interner.atoms([message]))
    entry.after?.followers.push(entry)
    for (const atom of entry.atoms) {
      if (atom.kind !== 'result' || atom.callId === undefined) continue
      const known = this.results.get(atom.callId)
      if (known === undefined || known.seq > entry.seq) this.results.set(atom.callId, { seq: entry.seq, atom })
    }
    const at = this.entries.findLastIndex((one) => one.seq < entry.seq)
    this.entries.splice(at + 1, 0, entry)
    this.spawns.learn(entry)
    this.#held.learn(entry)
  }

  #rootOf(space: string, family: number): Node {
    const key = `${space} ${family}`
    const known = this.#roots.get(key)
    if (known !== undefined) return known.root
    const root = new Node(null, null, 0)
    this.#roots.set(key, { root, space })
    return root
  }

  /** Another system prompt may go on with a conversation, and so may a session that is new; a sub-agent's is its own. */
  #find({ atoms, seq, space }: Request, root: Node): Walked {
    const own = walk(root, atoms, seq)
    if (answeredBy(own.end) !== undefined || !space.endsWith('/') || !atoms.slice(own.count).some(isModels)) return own
    const isNew = this.entries.every((one) => one.space !== space)
    const others = [...this.#roots.values()].filter(
      (one) => one.root !== root && (one.space === space || (isNew && one.space.endsWith('/'))),
    )
    return others
      .map((one) => walk(one.root, atoms, seq))
      .filter(({ end }) => answeredBy(end) !== undefined)
      .reduce((best, one) => (one.count > best.count ? one : best), own)
  }

  #align(before: readonly Entry[], space: string, atoms: readonly Atom[], { end, count }: Walked): Aligned | null {
    const isNew = before.every((one) => one.space !== space)
    const mayJoin = (one: Entry): boolean =>
      one.space === space || (isNew && space.endsWith('/') && one.space.endsWith('/'))
    const isOpen = (one: Entry): boolean =>
      [one, ...one.followers].every(({ purpose }, at) => (purpose === undefined) === (at === 0))
    const lines = before.filter((one) => isOpen(one) && mayJoin(one)).slice(-CANDIDATES)
    const found = lines.flatMap((one) => {
      const path = (one.chain.at(-1) ?? one.shown).path()
      const shared = path.lastIndexOf(end.alias ?? end) + 1
      const from = shared === 0 ? { path: 0, atoms: 0 } : { path: shared, atoms: count }
      const alignment = align(path, atoms, from)
      const same = alignment?.same.slice(count - from.atoms) ?? []
      return alignment === null || same.every((node) => node === null) ? [] : { ...alignment, same, line: one }
    })
    return found.reduce<Aligned | null>((best, one) => (best === null || isBetter(one, best) ? one : best), null)
  }

  #rewritten({ end }: Walked, rest: readonly Atom[], { same }: Alignment, seq: number): Node {
    let node = end
    for (const [at, atom] of rest.entries()) {
      node = node.add(atom, seq)
      const known = same[at]
      node.alias = known?.alias ?? known ?? undefined
    }
    return node
  }

  #toolsOf(list: readonly ToolSpec[]): Entry['tools'] {
    if (list.length === 0) return undefined
    const text = JSON.stringify(list)
    const known = this.#tools.get(text)
    if (known !== undefined) return known
    const made = { digest: digestOfValue(list), list }
    this.#tools.set(text, made)
    return made
  }
}

/** What was neither shown nor said before, in whatever form. */
function unknownIn(plain: readonly Atom[], rest: readonly Atom[], aligned: Alignment | null): readonly Atom[] {
  const known = rest.filter((_, at) => aligned?.same[at] != null)
  const texts = new Set(known.flatMap(({ kind, source }) => (kind === 'text' ? [source] : [])))
  return plain.filter((atom) => !known.includes(atom) && !texts.has(atom.source))
}

const cutIn = (atoms: readonly Atom[], aligned: Aligned | null): Compacted | undefined =>
  aligned?.kind === 'cut' ? cutFrom(atoms, aligned.line) : undefined

/** A request that goes on from a history that was summed up before. */
const isCompactedAlready = ({ end, count }: Walked, before: readonly Entry[]): boolean =>
  before.some(({ compacted, shown }) => {
    if (compacted === undefined || compacted.rebuilt > count) return false
    return shown.path()[count - 1] === end
  })

const isBetter = (one: Alignment, other: Alignment): boolean =>
  one.kind === other.kind ? one.same.length >= other.same.length : one.kind === 'rewritten'

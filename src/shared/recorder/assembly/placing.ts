import { isModels, type Atom } from './atoms.js'
import { isTip, type Draft, type Hanging, type Item, type Place, type Relation } from './draft.js'
import { isWhole, type Compacted, type Entry, type Node } from './history.js'
import { instancesOf, type Instance } from './instances.js'
import type { Recording } from './recording.js'
import { sideCallsOf, type SideCalls } from './side-calls.js'
import { speakerIn } from './speaker.js'

const MAIN = 'main'

/** Reads threads from the tree of all calls, in the order of their requests. It keeps nothing between two readings. */
export class Placing {
  readonly threads: Draft[] = []
  readonly sides: SideCalls
  /** Where each answer stands that is a turn. */
  readonly said = new Map<Entry, Place>()
  /** Where the request of each call ends. */
  readonly asked = new Map<Entry, Place>()
  readonly oddities: string[] = []
  readonly #recording: Recording
  readonly #places = new Map<Node, Place>()
  readonly #instances: ReadonlyMap<Entry, Instance>
  readonly #opened = new Map<string, number>()

  constructor(recording: Recording) {
    this.#recording = recording
    this.sides = sideCallsOf(recording.entries)
    this.#instances = instancesOf(recording, this.sides)
    for (const entry of recording.entries) if (!this.sides.has(entry)) this.#place(entry)
    for (const thread of [...this.threads]) this.#finish(thread)
    for (const [entry, place] of [...this.asked]) this.#again(entry, place)
  }

  placeOf(node: Node): Place | undefined {
    return this.#places.get(node.alias ?? node)
  }

  /** The thread that a call was made in or beside. */
  threadNear(entry: Entry): Draft | undefined {
    const own = entry.after === undefined ? undefined : this.said.get(entry.after)?.thread
    if (own !== undefined) return own
    const before = this.#recording.entries.filter((one) => one.seq < entry.seq && this.asked.has(one))
    const near =
      before.findLast((one) => one.space === entry.space && one.system.family === entry.system.family) ??
      before.findLast((one) => one.space === entry.space)
    return (near === undefined ? undefined : this.asked.get(near)?.thread) ?? this.threads[0]
  }

  #place(entry: Entry): void {
    const instance = this.#instances.get(entry)
    if (instance?.asked !== undefined) this.asked.set(entry, instance.asked)
    else if (instance !== undefined) {
      instance.thread = this.#openSubagent(entry, instance)
      instance.asked = this.#whole(entry, instance.thread)
    } else if (entry.compacted !== undefined) this.#whole(entry, this.#openCompaction(entry, entry.compacted))
    else this.#goOn(entry)
  }

  /** All that a first request shows. */
  #whole(entry: Entry, thread: Draft): Place {
    return this.#append(entry, thread, entry.shown.path(), entry.compacted?.rebuilt ?? 0)
  }

  #goOn(entry: Entry): void {
    const { base, fresh } = this.#climb(entry.shown)
    if (base === null) this.#whole(entry, this.#openRoot(entry))
    else if (fresh.length === 0) this.asked.set(entry, base)
    else if (isTip(base)) this.#append(entry, base.thread, fresh)
    else if (!isAnswered(base) && !this.#isSameSession(entry, base)) this.#whole(entry, this.#openRoot(entry))
    else this.#edit(entry, base, fresh)
  }

  /** What stands in no thread yet, and the place that it goes on from; null where none of it does. */
  #climb(end: Node): { base: Place | null; fresh: readonly Node[] } {
    const fresh: Node[] = []
    for (let at: Node | null = end; at?.parent != null; at = at.parent) {
      const node: Node = at.alias ?? at
      at = node
      const base = this.#places.get(node)
      if (base !== undefined) return { base, fresh: fresh.reverse() }
      fresh.push(node)
      const asked = node.said?.chain[0] === node ? this.asked.get(node.said) : undefined
      if (asked !== undefined) return { base: asked, fresh: fresh.reverse() }
    }
    return { base: null, fresh: fresh.reverse() }
  }

  #append(entry: Entry, thread: Draft, nodes: readonly Node[], rebuilt = 0): Place {
    for (const [at, node] of nodes.entries()) {
      const isRebuilt = at < rebuilt
      if (node.said !== undefined && !isRebuilt) this.#say(node.said, thread)
      else {
        thread.items.push({ kind: 'shown', node, entry, isRebuilt })
        if (!this.#places.has(node)) this.#places.set(node, { thread, at: thread.items.length - 1 })
      }
    }
    const place = { thread, at: thread.items.length - 1 }
    this.asked.set(entry, place)
    return place
  }

  #say(entry: Entry, thread: Draft): void {
    if (this.said.has(entry)) return
    thread.items.push({ kind: 'said', entry })
    const place = { thread, at: thread.items.length - 1 }
    this.said.set(entry, place)
    for (const node of entry.chain) this.#places.set(node, place)
  }

  /** A thread ends with the last whole answer to what was asked there last. */
  #finish(thread: Draft): void {
    const last = [...this.asked]
      .filter(([entry, place]) => place.thread === thread && isTip(place) && !this.said.has(entry) && isWhole(entry))
      .sort(([a], [b]) => a.seq - b.seq)
      .at(-1)
    if (last !== undefined) this.#say(last[0], thread)
  }

  /** The same request again, after the conversation had gone on: a person asked for another answer. */
  #again(entry: Entry, place: Place): void {
    if (this.said.has(entry) || !isWhole(entry)) return
    const next = place.thread.items.slice(place.at + 1).find((item) => item.kind === 'shown')
    if (next === undefined || next.entry.seq > entry.seq) return
    const thread = this.#open('edit', entry, { relation: 'edit', ...place })
    this.#say(entry, thread)
  }

  #edit(entry: Entry, place: Place, fresh: readonly Node[]): void {
    let { at } = place
    const shared: Node[] = []
    const { items } = place.thread
    for (let item = items[at]; item?.kind === 'shown' && this.#areOne(item, items[at + 1]); item = items[at]) {
      shared.unshift(item.node)
      at -= 1
    }
    this.#append(entry, this.#open('edit', entry, { relation: 'edit', thread: place.thread, at }), [
      ...shared,
      ...fresh,
    ])
  }

  /** Whether two items are of one message, which nothing can come between. */
  #areOne(item: Item, next: Item | undefined): boolean {
    if (item.kind !== 'shown' || next?.kind !== 'shown') return false
    const [a, b] = [item.node.atom, next.node.atom]
    return a !== null && b !== null && a.source === b.source && this.#originOf(a) === this.#originOf(b)
  }

  #originOf(atom: Atom): string {
    return isModels(atom) ? 'model' : speakerIn(atom, this.#recording.habits)
  }

  /** In one session of a vendor a second beginning is a first turn that a person changed. */
  #isSameSession({ call }: Entry, { thread }: Place): boolean {
    return call.identity.session !== undefined && !thread.isSubagent
  }

  #openRoot(entry: Entry): Draft {
    if (this.threads.length === 0) return this.#add({ id: MAIN, ...this.#common(entry, false) })
    const { session } = entry.call.identity
    const first = this.threads.find((one) => one.space === entry.space && one.parent === undefined)
    if (session !== undefined && first !== undefined && first.system.family === entry.system.family) {
      return this.#open('edit', entry, { relation: 'edit', thread: first, at: -1 })
    }
    const id = this.#name('session')
    this.oddities.push(`thread ${id}: a conversation that shares nothing with those before it (call ${entry.call.id})`)
    return this.#add({ id, ...this.#common(entry, false) })
  }

  #openSubagent(entry: Entry, { link }: Instance): Draft {
    const near = link === undefined ? (this.threads[0] ?? this.#openRoot(entry)) : undefined
    const of = link === undefined ? undefined : this.#threadOf(link.entry)
    const thread = of ?? near ?? this.threads[0]
    if (thread === undefined) return this.#openRoot(entry)
    const answer = link === undefined ? {} : { answer: link.entry, toolCall: link.call.id }
    return this.#open('agent', entry, { relation: 'subagent', thread, ...answer })
  }

  #threadOf(entry: Entry): Draft | undefined {
    return (this.said.get(entry) ?? this.asked.get(entry))?.thread
  }

  #openCompaction(entry: Entry, compacted: Compacted): Draft {
    const { summary, line, why } = compacted
    const known = summary?.after === undefined ? undefined : this.#threadOf(summary.after)
    const thread = known ?? this.#threadOf(line) ?? this.threadNear(summary ?? entry)
    if (thread === undefined) return this.#openRoot(entry)
    const made = this.#open('compaction', entry, { relation: 'compaction', thread })
    made.notes['compaction'] = { why, ...(summary === undefined ? {} : { by: summary.call.id }) }
    return made
  }

  #open(name: string, entry: Entry, parent: Hanging): Draft {
    const isSubagent = isOfSubagent(parent.relation, parent.thread)
    return this.#add({ id: this.#name(name), parent, ...this.#common(entry, isSubagent) })
  }

  #common = ({ system, space }: Entry, isSubagent: boolean) => ({ system, space, isSubagent, items: [], notes: {} })

  #add(thread: Draft): Draft {
    this.threads.push(thread)
    return thread
  }

  #name(kind: string): string {
    const count = (this.#opened.get(kind) ?? (kind === 'session' ? 1 : 0)) + 1
    this.#opened.set(kind, count)
    return `${kind}-${count}`
  }
}

/** Whether what two requests share is a conversation, and not only what a program begins every one with. */
const isAnswered = ({ thread, at }: Place): boolean =>
  thread.items.slice(0, at + 1).some((item) => item.kind === 'said' || item.isRebuilt || isModelsNode(item.node))

const isModelsNode = ({ atom }: Node): boolean => atom !== null && isModels(atom)

const isOfSubagent = (relation: Relation, { isSubagent }: Draft): boolean => relation === 'subagent' || isSubagent

import type { Message, Thread } from '../../../../nouns/index.js'
import { parseBytes } from '../document.js'
import type { ImportEvent } from '../importer.js'
import { Oddities } from '../oddities.js'
import { RecentMap } from '../recent-map.js'
import { SeenIds } from '../seen-ids.js'
import { entryFrom, type CompactionEntry, type Entry } from './entries.js'
import { RecentLines, type LinePlace } from './kept.js'
import { compactionSummaryText, restOf, shownOf, spokenFrom } from './messages.js'
import { Notes } from './notes.js'
import { Totals } from './totals.js'

/** Where an entry stands: the last message at or before it. */
interface Place {
  readonly thread: string
  readonly message: string | null
}

interface Known extends Place, LinePlace {
  readonly parent: string | null
  /** Whether it is a message that the model is shown. */
  readonly speaks: boolean
}

/** One that branches off further back than so many entries counts as unlinked. */
const PLACES = 100_000
const MAIN = 'main'
const FIRST_LINE = '#0'
/** For a free id; only a session of many gigabytes needs more than a few. */
const MAX_TRIES = 64
const START: Place = { thread: MAIN, message: null }

/**
 * Turns the entries of a session into events, one after the other. Holds the places of the last entries, since a later one may branch off there,
 * and where their lines lie, since a compaction repeats some.
 */
export class PiSession {
  readonly totals = new Totals()
  readonly #version: number
  readonly #oddities: Oddities
  readonly #places = new RecentMap<string, Known>(PLACES)
  readonly #recent: RecentLines
  readonly #notes = new Notes()
  readonly #ids = new SeenIds()
  #messages = 0
  readonly #lastOf = new Map<string, string>()
  readonly #opened = { edit: 0, compaction: 0, aside: 0 }
  #line = 0
  #cursor: string | null = null

  constructor(path: string, version: number, oddities: Oddities) {
    this.#recent = new RecentLines(path)
    this.#version = version
    this.#oddities = oddities
  }

  get isEmpty(): boolean {
    return this.#lastOf.size === 0 && this.#opened.aside === 0
  }

  /** Passes over an entry that cannot be read; version 1 names entries by their number. */
  skip(): void {
    this.#line += 1
  }

  /** @param line where it was read */
  take(read: Entry, { offset, length }: Pick<LinePlace, 'offset' | 'length'>): readonly ImportEvent[] {
    this.#line += 1
    const events: ImportEvent[] = []
    const key = read.entry.id ?? `#${this.#line}`
    const parent = this.#parentOf(read)
    const before = parent === null ? START : (this.#places.get(parent) ?? START)
    let place = before
    let speaks = false
    if (read.kind === 'note') {
      if (!read.known) this.#oddities.count('unknown-entry')
      if (this.#notes.add(read.entry)) events.push(...this.flush())
    } else if (read.kind === 'compaction') place = this.#compact(read.entry, parent, before, events)
    else {
      const { message, aside } = spokenFrom(read, this.#messageId(read), this.#version, this.#oddities)
      this.totals.add(message, aside === undefined)
      speaks = aside === undefined
      if (speaks) place = this.#say(before, message, events)
      else events.push(this.#aside(aside ?? '', before.thread, [message]))
    }
    const age = this.#recent.add(length)
    this.#places.set(key, { parent, thread: place.thread, message: place.message, speaks, offset, length, age })
    this.#cursor = key
    return events
  }

  /** Entries behind the last message, or too many for one. */
  flush(): readonly ImportEvent[] {
    const entries = this.#notes.take()
    return entries.length === 0 ? [] : [this.#aside('entries that are no messages', MAIN, [], { entries })]
  }

  /** Goes on in the parent's thread where the parent is its end, and opens one that branches off where it is not. */
  #say(place: Place, said: Message, events: ImportEvent[]): Place {
    const last = this.#lastOf.get(place.thread) ?? null
    const { message: from } = place
    let thread = place.thread
    if (last !== from) {
      thread = `edit-${++this.#opened.edit}`
      events.push(open(thread, from === null ? undefined : { thread: place.thread, message: from, relation: 'edit' }))
    } else if (last === null) events.push(open(thread))
    events.push({ type: 'message', thread, message: this.#notes.attach(said) })
    this.#lastOf.set(thread, said.id)
    return { thread, message: said.id }
  }

  #compact(entry: CompactionEntry, parent: string | null, before: Place, events: ImportEvent[]): Place {
    const id = this.#messageId({ entry })
    const summary: Message = {
      ...{ id, role: 'user', origin: 'rebuilt', content: compactionSummaryText(entry.summary) },
      ...(typeof entry.timestamp === 'string' ? { time: entry.timestamp } : {}),
      extra: { pi: restOf(entry, id, 'summary') },
    }
    if (before.message === null) return this.#say(before, summary, events)
    const thread = `compaction-${++this.#opened.compaction}`
    events.push(open(thread, { thread: before.thread, message: before.message, relation: 'compaction' }))
    events.push({ type: 'message', thread, message: this.#notes.attach(summary) })
    let last = id
    for (const kept of this.#keptBy(entry, parent)) {
      last = `${thread}:${kept.id}`
      events.push({ type: 'message', thread, message: { ...kept, id: last, origin: 'rebuilt' } })
    }
    this.#lastOf.set(thread, last)
    return { thread, message: last }
  }

  /** The messages from the first kept entry to the compaction, along the branch. */
  #keptBy({ firstKeptEntryId, firstKeptEntryIndex }: CompactionEntry, parent: string | null): Message[] {
    const first = firstKeptEntryId ?? (typeof firstKeptEntryIndex === 'number' ? `#${firstKeptEntryIndex}` : undefined)
    if (first === undefined) return []
    const kept: Message[] = []
    let at = parent
    while (at !== null && this.#recent.spend()) {
      const known: Known | undefined = this.#places.get(at)
      if (known === undefined) break
      if (known.speaks) {
        const line = this.#recent.get(known)
        const message = line === null ? null : messageIn(line, known.message, this.#version)
        if (message === null) break
        kept.push(message)
      }
      if (at === first) return kept.reverse()
      at = known.parent
    }
    // Version 1 keeps all where the number is that of the session's first line.
    if (at === null && first === FIRST_LINE) return kept.reverse()
    this.#oddities.count('lost-kept-history')
    return []
  }

  #parentOf({ entry: { parentId } }: Entry): string | null {
    if (parentId === undefined) return this.#cursor
    if (parentId === null || this.#places.get(parentId) !== undefined) return parentId
    this.#oddities.count('unlinked-record')
    return this.#cursor
  }

  #messageId({ entry: { id } }: Pick<Entry, 'entry'>): string {
    let own = typeof id === 'string' && !this.#ids.has(id) ? id : `m${this.#messages}`
    for (let tries = 0; tries < MAX_TRIES && this.#ids.has(own); tries += 1) own = `${own}'`
    this.#ids.add(own)
    this.#messages += 1
    return own
  }

  #aside(why: string, thread: string, messages: Message[], pi?: Record<string, unknown>): ImportEvent {
    const id = `aside-${++this.#opened.aside}`
    return { type: 'aside', aside: { id, why, thread, messages, ...(pi === undefined ? {} : { extra: { pi } }) } }
  }
}

/** A message that was read before, as the model is shown it; null where the file has changed since. */
function messageIn(line: Buffer, id: string | null, version: number): Message | null {
  const value = parseBytes(line, '')
  const read = value.ok ? entryFrom(value.value, '') : value
  if (!read.ok || read.value.kind === 'note' || read.value.kind === 'compaction' || id === null) return null
  return shownOf(spokenFrom(read.value, id, version, new Oddities()).message)
}

const open = (id: string, parent?: Thread['parent']): ImportEvent => ({
  type: 'thread',
  id,
  ...(parent === undefined ? {} : { parent }),
})

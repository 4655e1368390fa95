import { own, type Message, type Thread, type Trajectory } from '../../../../nouns/index.js'
import { canonicalJson } from '../../../../shared/project/index.js'
import { weightOf } from '../weight.js'

type Fields = Readonly<Record<string, unknown>>

/** Fields of the whole that every import gives anew: none of them is lost. */
const NEW_IN_EVERY_IMPORT = new Set(['id', 'format', 'source', 'extra', 'threads', 'tools', 'cutAt', 'unrecognised'])
const NEW_IN_EVERY_SOURCE = new Set(['kind', 'files', 'importFormat'])
const NEW_IN_EVERY_EXTRA = new Set(['missing', 'oddities'])
/** Where an empty list or object says no more than none. */
const MAY_BE_EMPTY = new Set([
  'tags',
  'asides',
  'rounds',
  'workspace',
  'threads.extra',
  'messages.extra',
  'messages.call.params',
  'messages.call.extra',
])
const NESTED = new Set(['call', 'reasoning'])

/** Every field in which two trajectories differ, with the number of places. It knows nothing of formats. */
export function differences(original: Trajectory, back: Trajectory): ReadonlyMap<string, number> {
  const found = new Counter()
  // An import adds up the usage of the calls where the whole has none.
  const summed = original.usage === undefined ? { ...back, usage: undefined } : back
  found.compare('', original as unknown as Fields, summed as unknown as Fields, NEW_IN_EVERY_IMPORT)
  found.compare('source.', original.source, back.source, NEW_IN_EVERY_SOURCE)
  found.compare('extra.', original.extra ?? {}, back.extra ?? {}, NEW_IN_EVERY_EXTRA)
  found.lists('tools', Object.values(original.tools), Object.values(back.tools))
  compareThreads(original, back, found)
  return found.places
}

class Counter {
  readonly places = new Map<string, number>()

  count(field: string, times = 1): void {
    if (times > 0) this.places.set(field, (this.places.get(field) ?? 0) + times)
  }

  /** Key by key. */
  compare(prefix: string, one: Fields, other: Fields, except: ReadonlySet<string>): void {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      if (!except.has(key) && !same(`${prefix}${key}`, one[key], other[key])) this.count(`${prefix}${key}`)
    }
  }

  /** As sets: what of each is not in the other. */
  lists(field: string, one: readonly unknown[], other: readonly unknown[]): void {
    const [ours, theirs] = [new Set(one.map(textOf)), new Set(other.map(textOf))]
    const missing = [...ours].filter((each) => !theirs.has(each)).length
    this.count(field, Math.max(missing, theirs.size - (ours.size - missing)))
  }
}

/** By id where every id is known, else in order: a format may not hold names. */
function compareThreads(original: Trajectory, back: Trajectory, found: Counter): void {
  const byId = new Map(back.threads.map((thread) => [thread.id, thread]))
  const known = original.threads.every(({ id }) => byId.has(id))
  for (const [at, thread] of original.threads.entries()) {
    const other = known ? byId.get(thread.id) : back.threads[at]
    if (other === undefined) found.count('threads')
    else compareThread(thread, other, found, { ours: original, theirs: back })
  }
  found.count('threads', back.threads.length - original.threads.length)
}

interface Both {
  readonly ours: Trajectory
  readonly theirs: Trajectory
}

function compareThread(one: Thread, other: Thread, found: Counter, both: Both): void {
  found.compare('threads.', one, other, new Set(['messages']))
  found.count('messages', Math.abs(one.messages.length - other.messages.length))
  for (const [at, message] of one.messages.entries()) {
    const there = other.messages[at]
    if (there !== undefined) compareMessage(message, there, found, both)
  }
}

function compareMessage(one: Message, other: Message, found: Counter, both: Both): void {
  found.compare('messages.', one, other, new Set(['weight', 'toolCalls', ...NESTED]))
  if (weightOf(one) !== weightOf(other)) found.count('messages.weight')
  for (const key of NESTED) {
    const [ours, theirs] = [fieldsOf(one, key, both.ours), fieldsOf(other, key, both.theirs)]
    found.compare(`messages.${key}.`, ours, theirs, new Set())
  }
  compareCalls(one.toolCalls ?? [], other.toolCalls ?? [], found)
}

/** A call names its tools by digest; what counts is the list. */
function fieldsOf(message: Message, key: string, { tools }: Trajectory): Fields {
  const fields = (message[key] ?? {}) as Fields
  const named = key === 'call' && typeof fields['tools'] === 'string' ? fields['tools'] : undefined
  return named === undefined ? fields : { ...fields, tools: own(tools, named) ?? named }
}

function compareCalls(one: readonly Fields[], other: readonly Fields[], found: Counter): void {
  found.count('messages.toolCalls', Math.abs(one.length - other.length))
  for (const [at, call] of one.entries()) found.compare('messages.toolCalls.', call, other[at] ?? call, new Set())
}

const same = (field: string, one: unknown, other: unknown): boolean =>
  textOf(filled(field, one)) === textOf(filled(field, other))

const filled = (field: string, value: unknown): unknown =>
  MAY_BE_EMPTY.has(field) && textOf(value).length === 2 ? undefined : value

const textOf = (value: unknown): string => (value === undefined ? '' : canonicalJson(value))

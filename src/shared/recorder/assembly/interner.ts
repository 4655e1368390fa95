import type { WireMessage } from '../../wire/index.js'
import { atomsOf, bareText, textOf, type Atom } from './atoms.js'

interface Known {
  readonly message: WireMessage
  readonly atoms: readonly Atom[]
}

/** A session repeats its history with every request: each message is read into atoms once, and one that says the same is found again. */
export class Interner {
  readonly #keys = new Map<string, number>()
  readonly #known = new Map<string, Known[]>()
  /** The conversation that was read last: the next one mostly begins with it. */
  #last: readonly Known[] = []

  readonly key = (text: string): number => {
    const found = this.#keys.get(text)
    if (found !== undefined) return found
    this.#keys.set(text, this.#keys.size)
    return this.#keys.size - 1
  }

  /** The atoms of a conversation, the results after an answer in the order of its calls. */
  atoms(messages: readonly WireMessage[]): readonly Atom[] {
    const all: Atom[] = []
    let calls: readonly string[] = []
    let results: Atom[] = []
    const flush = (): void => {
      if (results.length > 1) results = byCalls(results, calls)
      all.push(...results)
      results = []
    }
    const last = this.#last
    const known = messages.map((message, at) => this.#knownAs(message, last[at]))
    if (known.length > 1) this.#last = known
    for (const { message, atoms } of known) {
      if (message.role === 'tool') results.push(...atoms)
      else {
        const hadResults = results.length > 0
        flush()
        if (message.role === 'assistant') {
          const own = atoms.flatMap(({ callId }) => callId ?? [])
          calls = hadResults ? own : [...calls, ...own]
        } else calls = []
        all.push(...atoms)
      }
    }
    flush()
    return all
  }

  /** With each part of an answer's text by itself: agents put answers together that follow each other. */
  readonly spread = (atom: Atom): readonly Atom[] => {
    const { content } = atom.source
    if (atom.kind !== 'text' || typeof content === 'string') return [atom]
    const texts = content.flatMap((part, at) => {
      const text = bareText(textOf(part) ?? '')
      return text === '' ? [] : [{ ...atom, key: this.key(`text ${text}`), text, parts: [at] }]
    })
    return texts.length > 1 ? texts : [atom]
  }

  #knownAs(message: WireMessage, hint: Known | undefined): Known {
    if (hint !== undefined && isSame(hint.message, message)) return hint
    const print = printOf(message)
    const alike = this.#known.get(print)
    const found = alike?.find((one) => isSame(one.message, message))
    if (found !== undefined) return found
    const known = { message, atoms: atomsOf(message, this.key) }
    if (alike === undefined) this.#known.set(print, [known])
    else alike.push(known)
    return known
  }
}

function byCalls(results: readonly Atom[], calls: readonly string[]): Atom[] {
  const placeOf = (atom: Atom): number => {
    const at = calls.indexOf(atom.callId ?? '')
    return at === -1 ? calls.length : at
  }
  return [...results].sort((a, b) => placeOf(a) - placeOf(b))
}

const ENDS = 40

function printOf({ role, content, toolCalls, toolCallId }: WireMessage): string {
  const ends = (text: string): string => `${text.length} ${text.slice(0, ENDS)} ${text.slice(-ENDS)}`
  const last = typeof content === 'string' ? content : content.at(-1)?.['text']
  const count = typeof content === 'string' ? -1 : content.length
  const call = toolCalls?.at(-1)
  const called = call === undefined ? '' : `${toolCalls?.length} ${call.id} ${ends(call.arguments)}`
  return `${role} ${count} ${toolCallId ?? ''} ${typeof last === 'string' ? ends(last) : ''} ${called}`
}

const isSame = (a: WireMessage, b: WireMessage): boolean =>
  a.role === b.role &&
  a.toolCallId === b.toolCallId &&
  a.reasoning?.text === b.reasoning?.text &&
  isEqual(a.content, b.content) &&
  isEqual(a.extra ?? {}, b.extra ?? {}) &&
  isEqual(a.toolCalls ?? [], b.toolCalls ?? [])

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => isEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}

import type { AgentHabits } from '../../agents/index.js'
import { bareText, canonical, isModels, textOf, type Atom } from './atoms.js'
import type { Compacted, Entry, Node } from './history.js'
import { isCompaction, isSummary, partIn } from './speaker.js'

/** A shorter answer may be quoted by chance. */
const LEAST = 24
/** How many calls before may have written the summary. */
const RECENT = 16
/** How many atoms a summary may stand behind. */
const EARLY = 12

/**
 * Whether a conversation begins with history that was summed up: with what a call just before wrote of it, or as the program words it.
 * @param news what of it was not known before
 * @param before the calls before this one, in order @param line the last one of the same conversation
 */
export function compactionOf(
  news: readonly Atom[],
  atoms: readonly Atom[],
  before: readonly Entry[],
  line: Entry | undefined,
  habits: AgentHabits,
): Compacted | undefined {
  if (line === undefined) return undefined
  const early = news.slice(0, EARLY).filter(({ kind }) => kind === 'user' || kind === 'text')
  const used = new Set(before.map(({ compacted }) => compacted?.summary))
  for (const entry of before.slice(-RECENT).reverse()) {
    if (used.has(entry) || entry.followers.length > 0) continue
    const sums = summedBy(entry)
    if (!early.some(sums) || !sumsUp(entry, before)) continue
    const rebuilt = rebuiltIn(atoms, line.shown, sums)
    return { why: 'begins with the summary that a call just before wrote', summary: entry, line, rebuilt }
  }
  if (!early.some((atom) => isSummary(atom, habits))) return undefined
  const rebuilt = rebuiltIn(atoms, line.shown, (atom) => isSummary(atom, habits))
  return { why: `begins as ${habits.name} begins a history that it summed up`, line, rebuilt }
}

/** A history whose older part is left out. */
export const cutFrom = (atoms: readonly Atom[], line: Entry): Compacted => ({
  why: 'goes on with the end of an earlier history alone',
  line,
  rebuilt: rebuiltIn(atoms, line.shown, () => false),
})

/** Whether an atom is what a call wrote: all of its answer, without the tags that agents take off, or the part that a service made. */
function summedBy({ call: { response } }: Entry): (atom: Atom) => boolean {
  const content = response?.message?.content ?? ''
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  const text = parts.map((part) => textOf(part) ?? '').join('')
  const inner = /<(summary|state_snapshot)>([^]*)<\/\1>/.exec(text)?.[2] ?? text
  const texts = [text, inner].map(bareText).filter(({ length }) => length >= LEAST)
  const made = new Set(parts.filter(isCompaction).map(canonical))
  return (atom) => {
    const part = partIn(atom)
    return texts.some((one) => atom.text.includes(one)) || (part !== undefined && made.has(canonical(part)))
  }
}

/** Whether a call was shown the conversation: as its history, or as a text that quotes an answer of it. */
function sumsUp(entry: Entry, before: readonly Entry[]): boolean {
  if (entry.after !== undefined || entry.rejoined !== undefined || entry.compacted !== undefined) return true
  if (/compact|summar|compress/i.test(entry.purpose ?? '')) return true
  const shown = entry.atoms.map(({ text }) => text)
  return before.slice(-RECENT * 2).some((one) => {
    const said = one.chain[0]?.atom?.text ?? ''
    return one !== entry && said.length >= LEAST && shown.some((text) => text.includes(said))
  })
}

/** How many atoms stand for history: up to the summary, the last answer or result, and a turn that had no answer before. */
function rebuiltIn(atoms: readonly Atom[], shown: Node, sums: (atom: Atom) => boolean): number {
  const last = atoms.findLastIndex((atom) => isModels(atom) || atom.kind === 'result' || sums(atom))
  const unanswered = new Set<number>()
  for (let node: Node | null = shown; node?.atom != null && !isModels(node.atom); node = node.parent) {
    unanswered.add(node.atom.key)
  }
  let end = last + 1
  while (end < atoms.length && unanswered.has(atoms[end]?.key ?? -1)) end += 1
  return end
}

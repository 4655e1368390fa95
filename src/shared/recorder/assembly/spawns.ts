import type { AgentHabits } from '../../agents/index.js'
import { readJson } from '../../json/index.js'
import { bareText, type Atom } from './atoms.js'
import type { Entry, SpawnCall } from './history.js'

/** A shorter text may stand anywhere by chance. */
const LEAST = 12
const MAX_DEPTH = 4

/** The calls of a recording that may have started sub-agents. */
export class Spawns {
  readonly #habits: AgentHabits
  readonly #calls: SpawnCall[] = []

  constructor(habits: AgentHabits) {
    this.#habits = habits
  }

  learn(entry: Entry): void {
    for (const call of entry.call.response?.message?.toolCalls ?? []) {
      const spawns = this.#habits.spawns(call.name)
      if (spawns === false) continue
      const texts = textsIn(readJson(call.arguments)?.value, 0).map(bareText)
      const ordered = texts.filter((text) => text !== '').sort((a, b) => b.length - a.length)
      this.#calls.push({ entry, call, texts: ordered, isKnown: spawns === true })
    }
  }

  /** The calls whose prompt a conversation begins with, the surest first; a tool that is not known must say the whole of a turn. */
  begin(atoms: readonly Atom[], seq: number): readonly SpawnCall[] {
    const said = atoms
      .filter(({ kind }) => kind === 'user')
      .slice(0, 8)
      .map(({ text }) => text)
    const whole = this.#calls.filter(
      ({ entry, texts, isKnown }) =>
        entry.seq < seq && texts.some((text) => said.includes(text) && (isKnown || text.length >= LEAST)),
    )
    if (whole.length > 0) return whole
    return this.#calls.filter(
      ({ entry, texts, isKnown }) =>
        isKnown &&
        entry.seq < seq &&
        texts.some((text) => text.length >= LEAST && said.some((one) => one.includes(text))),
    )
  }

  /** Those of known tools that were called before, in order. */
  known(seq: number): readonly SpawnCall[] {
    return this.#calls.filter(({ entry, isKnown }) => isKnown && entry.seq < seq)
  }
}

/** Whether a call's prompt is a whole turn. */
export const isWholeTurn = ({ texts }: SpawnCall, atoms: readonly Atom[]): boolean =>
  atoms.some(({ kind, text }) => kind === 'user' && texts.includes(text))

function textsIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return []
  return Object.values(value).flatMap((one) => textsIn(one, depth + 1))
}

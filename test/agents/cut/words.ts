import type { AgentHabits } from '../../../src/shared/agents/index.js'
import type { WireRequest } from '../../../src/shared/wire/index.js'

/** Shorter words of ours may stand in anybody's text. */
const LEAST = 8
const MOST_WORDS = 25

/**
 * Placeholders for what the makers of an agent wrote: a short one a line, the same for the same line, so that what was alike is alike. What the test's own
 * script says stays; so do the first words of a text where the agent's habits know it by them.
 */
export class Words {
  readonly #habits: AgentHabits
  readonly #ours: readonly string[]
  readonly #exactly: ReadonlySet<string>
  readonly #lines = new Map<string, string>()

  constructor(habits: AgentHabits, ours: readonly string[]) {
    this.#habits = habits
    this.#exactly = new Set(ours)
    this.#ours = ours.filter((text) => text.length >= LEAST).sort((a, b) => b.length - a.length)
  }

  isOurs(text: string): boolean {
    return this.#exactly.has(text) || !/[\p{L}]/u.test(text)
  }

  cut(text: string): string {
    if (this.isOurs(text)) return text
    const short = this.#stretches(text)
      .map((stretch) => (this.isOurs(stretch) ? stretch : this.#placeholder(stretch)))
      .join('')
    const wanted = this.#meaning(text)
    const found = [...candidates(text, short)].find((one) => this.#meaning(one) === wanted)
    if (found === undefined) throw new Error(`no short text means what this one does: ${text.slice(0, 80)}`)
    return found
  }

  /** What the habits tell of a text, wherever it may stand. */
  #meaning(text: string): string {
    const { speakerOf, isSummary, purposeOf } = this.#habits
    const asked = (role: 'system' | 'user'): WireRequest => ({
      ...{ model: '', stream: false, tools: [], params: {}, wantsSchema: false },
      messages: [{ role, content: text }],
    })
    return JSON.stringify([speakerOf(text), isSummary(text), purposeOf(asked('system')), purposeOf(asked('user'))])
  }

  /** Ours and theirs by turns. */
  #stretches(text: string): readonly string[] {
    const found = this.#ours.find((one) => text.includes(one))
    if (found === undefined) return text === '' ? [] : [text]
    const at = text.indexOf(found)
    return [...this.#stretches(text.slice(0, at)), found, ...this.#stretches(text.slice(at + found.length))]
  }

  #placeholder(text: string): string {
    return text
      .split('\n')
      .map((line) => (/[\p{L}\p{N}]/u.test(line) ? this.#numbered(line.trim()) : line))
      .join('\n')
  }

  #numbered(line: string): string {
    const known = this.#lines.get(line)
    if (known !== undefined) return known
    const made = `text-${this.#lines.size + 1}`
    this.#lines.set(line, made)
    return made
  }
}

/** From the shortest on. */
function* candidates(text: string, short: string): Generator<string> {
  yield short
  yield `<system-reminder>${short}</system-reminder>`
  const words = text.trimStart().split(/(?<=\s)/, MOST_WORDS)
  for (let count = 1; count <= words.length; count += 1) yield `${words.slice(0, count).join('')} ${short}`
}

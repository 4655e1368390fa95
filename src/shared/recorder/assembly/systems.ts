import { digestOf } from '../../project/index.js'
import type { WireMessage } from '../../wire/index.js'
import { canonical, textOf } from './atoms.js'

/** What stands before a conversation. */
export interface SystemPrompt {
  readonly digest: string
  readonly messages: readonly WireMessage[]
  readonly text: string
  /** Prompts that are versions of each other have the same. */
  readonly family: number
}

/** The system prompts of a recording, each once. */
export class Systems {
  readonly #known = new Map<string, SystemPrompt>()
  readonly #families: string[] = []

  /** @param messages of one request, as far as they are the system's before anybody else speaks */
  take(messages: readonly WireMessage[]): SystemPrompt {
    const text = messages.map(textIn).join('\n')
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const prompt = { digest: digestOf(text), messages, text, family: this.#familyOf(text) }
    this.#known.set(text, prompt)
    return prompt
  }

  #familyOf(text: string): number {
    const found = this.#families.findIndex((one) => areVersions(one, text))
    if (found !== -1) return found
    this.#families.push(text)
    return this.#families.length - 1
  }
}

export function systemPartOf(messages: readonly WireMessage[]): readonly WireMessage[] {
  const end = messages.findIndex(({ role }) => role !== 'system')
  return end === -1 ? messages : messages.slice(0, end)
}

const textIn = ({ content }: WireMessage): string =>
  typeof content === 'string' ? content : content.map((part) => textOf(part) ?? canonical(part)).join('\n')

/** Dates, folders and lists of files change within a session; half of it in place, or of its lines, is taken for the same prompt. */
const ENOUGH = 0.5

function areVersions(a: string, b: string): boolean {
  if (a === b) return true
  const length = Math.max(a.length, b.length)
  if (Math.min(a.length, b.length) < length * 0.3) return false
  let before = 0
  while (before < a.length && a[before] === b[before]) before += 1
  let after = 0
  const most = Math.min(a.length, b.length) - before
  while (after < most && a.at(-1 - after) === b.at(-1 - after)) after += 1
  return before + after >= length * ENOUGH || sharedLines(a, b) >= ENOUGH
}

function sharedLines(a: string, b: string): number {
  const [one, other] = [linesOf(a), linesOf(b)]
  const shared = [...one].filter((line) => other.has(line)).length
  return shared / Math.max(one.size, other.size, 1)
}

const linesOf = (text: string): Set<string> =>
  new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  )

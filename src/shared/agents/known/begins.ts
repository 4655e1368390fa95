import type { WireMessage, WireRequest } from '../../wire/index.js'

/** Whether a text begins as one of these does, without regard to case and to space before it. */
export const beginsWith =
  (beginnings: readonly string[]) =>
  (text: string): boolean => {
    const begin = text.trimStart().slice(0, 120).toLowerCase()
    return beginnings.some((one) => begin.startsWith(one.toLowerCase()))
  }

/** Whether a text is nothing but what agents put between these tags into a person's turn; what stands beside them is a person's. */
export const isReminder = (text: string): boolean =>
  text.includes(OPEN) && text.replace(/<system-reminder>[^]*?<\/system-reminder>/g, '').trim() === ''

const OPEN = '<system-reminder>'

/** What requests are for, by how a text of them begins. */
export interface Purposes {
  /** By the system prompt. */
  readonly system: Readonly<Record<string, string>>
  /** By the last turn of the user. */
  readonly turn: Readonly<Record<string, string>>
}

export function purposeBy({ system, turn }: Purposes): (request: WireRequest) => string | undefined {
  return ({ messages }) => {
    const last = messages.at(-1)
    const said = last?.role === 'user' ? textsIn(last) : []
    const prompts = messages.slice(0, 3).flatMap((message) => (message.role === 'system' ? textsIn(message) : []))
    return named(prompts, system) ?? named(said.slice(-1), turn)
  }
}

function named(texts: readonly string[], names: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(names).find(([begin]) => texts.some(beginsWith([begin])))?.[1]
}

const textsIn = ({ content }: WireMessage): string[] =>
  typeof content === 'string' ? [content] : content.flatMap(({ text }) => (typeof text === 'string' ? [text] : []))

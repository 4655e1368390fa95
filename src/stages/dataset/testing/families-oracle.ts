import type { ChatMessage } from '../conversation/index.js'
import { askPython } from './ask-python.js'
import { at } from './oracle.js'
import type { Talk } from './talks.js'

/** What transformers made of a talk by a marked template. */
export interface Printed {
  readonly name: string
  readonly text: string
  /** Half-open ranges of code points, one a block. */
  readonly spans: readonly (readonly [number, number])[]
  readonly ids: readonly number[]
  /** Half-open ranges of tokens. */
  readonly trained: readonly (readonly [number, number])[]
}

export type Answer =
  Printed | { readonly name: string; readonly refused: string } | { readonly name: string; readonly different: string }

export interface Job {
  readonly original: string
  readonly marked: string
  /** Null for text and spans alone. */
  readonly model: string | null
  readonly variables: Readonly<Record<string, string>>
  readonly now: Date
}

/** Talks, and the job that they are rendered by. */
export interface Asked {
  readonly job: Job
  readonly talks: readonly Talk[]
}

/** Asks transformers, in one process: a list of answers for each. */
export async function askForFamilies(all: readonly Asked[]): Promise<readonly (readonly Answer[])[]> {
  const lines = all.flatMap(({ job: { now, ...job }, talks }) => [
    { ...job, now: now.toISOString().slice(0, 19) },
    ...talks,
  ])
  const answers = (await askPython([at('families.py')], lines)) as readonly Answer[]
  let start = 0
  return all.map(({ talks }) => answers.slice(start, (start += talks.length)))
}

/** Where a template asks for arguments as text, both sides are given the very same text. */
export const withTextArguments = (talk: Talk): Talk => ({
  ...talk,
  messages: talk.messages.map((message): ChatMessage => {
    const calls = message.tool_calls?.map((call) => {
      const { name, arguments: given } = call.function
      return { ...call, function: { name, arguments: JSON.stringify(given) } }
    })
    return calls === undefined ? message : { ...message, tool_calls: calls }
  }),
})

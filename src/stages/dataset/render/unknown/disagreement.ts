import type { Failure } from '../../../../nouns/index.js'
import type { Block } from '../marks.js'
import type { Misfit } from './fit.js'
import type { Case } from './case.js'
import type { Slot } from './sentinels.js'

export interface Place {
  readonly prompt: number
  readonly end: number
}

const REMEDY =
  'mark what the assistant emits in the template with {% generation %} … {% endgeneration %}, as transformers reads it, and give it with --chat-template FILE; or leave this trajectory out'

const unproved = (message: string): Failure => ({
  kind: 'input',
  code: 'template.unproved',
  message: `this chat template is of no known family, and what the model emitted here cannot be proved: ${message}`,
  remedy: REMEDY,
})

const SHOWN = 40

const shown = (text: string): string => JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)

/** What stands around a place. */
const around = (text: string, at: number): string => JSON.stringify(text.slice(Math.max(0, at - SHOWN / 2), at + SHOWN))

const NAMES: Readonly<Record<Slot['field'], string>> = {
  content: 'content',
  reasoning: 'reasoning',
  name: 'name of a tool that it calls',
  argument: 'text in the arguments of a call',
}

/** The rendering with other texts in place of the conversation's own is not the real one with these put back. */
export const unlike = (whole: string, { at, expected }: Misfit): Failure =>
  unproved(
    `the template prints other things around these texts than around others: at character ${at} stands ${around(whole, at)}, ${
      expected === '' ? 'expected was the end' : `expected was ${shown(expected)}`
    }`,
  )

export function notOnce({ field, text }: Slot, whole: string, { prompt, end }: Place): Failure {
  const region = whole.slice(prompt, end)
  return unproved(
    `the ${NAMES[field]}, ${shown(text)}, must stand there once as it is, and the template prints ${shown(region)} (characters ${prompt}–${end})`,
  )
}

export const stopInside = (stop: string, whole: string, { prompt }: Place): Failure =>
  unproved(
    `the template prints the stop token ${shown(stop)} before the last of the message’s texts, where the model would have stopped: ${shown(whole.slice(prompt))} at character ${prompt}`,
  )

export const ambiguousStop = (stop: string): Failure =>
  unproved(`the arguments of a call hold the stop token ${shown(stop)} as text, which cannot be told from a real one`)

export const noStop = (tail: string, stops: readonly string[]): Failure =>
  unproved(
    `after its last text a stop token was expected (${stops.map(shown).join(', ')}), and ${shown(tail)} stands there`,
  )

export const notAtEnd = (tail: string, length: number): Failure =>
  unproved(
    `after the stop token in ${shown(tail.slice(0, length))} only white space was expected, and ${shown(tail.slice(length))} stands there`,
  )

export const foreignText = ({ field }: Slot, whole: string, { start }: Block): Failure =>
  unproved(
    `the ${NAMES[field]} of another message stands among what this one emitted: ${around(whole, start)} at character ${start}`,
  )

export const misplaced = (whole: string, { prompt }: Place): Failure =>
  unproved(
    `a text put into this empty message does not come after ${around(whole, Math.max(0, prompt - SHOWN))}, where its turn begins`,
  )

export const cueInside = (whole: string, { prompt }: Place, cue: string): Failure =>
  unproved(
    `the template prints ${shown(cue)} to make the model speak, but not when it is asked to here: ${around(whole, prompt)} at character ${prompt} would be said by the model itself`,
  )

export const noStopKnown: Failure = unproved(
  'no token is known that ends what this model emits: neither eos_token of tokenizer_config.json nor eos_token_id of generation_config.json or config.json names an added token',
)

export const endUnknown: Failure = unproved(
  'a limit cut this message short, and where the template ends it is not known, as it shows earlier messages otherwise once there are more',
)

export const rewrittenLater: Failure = unproved(
  'the template shows the conversation otherwise once it goes on, so that this message is shown as it was only where it is the last one',
)

/** Why a message has no place: the whole begins in another way than the model saw the conversation. */
export function rewritten({ messages, whole, print }: Case, index: number): Failure {
  const views = [
    ['what the model read before it', messages.slice(0, index), true],
    ['the conversation up to its end', messages.slice(0, index + 1), false],
  ] as const
  for (const [name, part, prompt] of views) {
    const printed = print(part, prompt)
    if (!printed.ok) return unproved(`${name} cannot be rendered alone: ${printed.failure.message}`)
    if (whole.startsWith(printed.value)) continue
    const at = firstDifference(printed.value, whole)
    return unproved(
      `the template rewrites history: ${name} is at character ${at} ${around(printed.value, at)}, and in the whole conversation ${around(whole, at)}`,
    )
  }
  return unproved('the template rewrites history')
}

function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}

import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { Conversation } from '../conversation/index.js'
import type { Rendered, Renderer } from '../render/index.js'
import type { Certify } from './certificate.js'
import { commonPrefix, firstOf } from './emissions.js'
import type { Place } from './places.js'
import { showHistory } from './show.js'

/** The beginning of a conversation, as the model saw it when it said what trains here. */
export interface History {
  /** Its messages are the conversation's first `count`. */
  readonly count: number
  /** Only messages that have a place train. */
  readonly conversation: Conversation
  readonly rendered: Rendered
  readonly places: ReadonlyMap<string, Place>
  /** The last message, where it stands in a rendering of its own after that of its prompt; see `appendLast`. */
  readonly appended: string | null
}

/**
 * As few beginnings of a conversation as show each message that trains as it was, from the shortest to the whole. Where the template shows
 * a message otherwise once the conversation goes on, it trains in the beginning that ends with it or with the next such message after it.
 * Each trains once. One that not even the beginning that ends with it can show is `history.not-shown`.
 * A template that brings its own markers is obeyed: the whole is one history, and messages that it shows otherwise have no place.
 */
export function splitHistories(
  renderer: Renderer,
  conversation: Conversation,
  certify: Certify,
): Result<readonly History[]> {
  const safe = certify(renderer, conversation)
  const { messages } = conversation
  let wanted = new Set(messages.filter(({ trains }) => trains).map(({ id }) => id))
  let count = messages.length
  const histories: History[] = []
  for (;;) {
    const beginning = firstOf(conversation, count)
    const rendered = renderer.render(beginning)
    if (!rendered.ok) return rendered
    const shown = showHistory(renderer, beginning, rendered.value, wanted, safe)
    const { places } = shown
    if (renderer.family.stops === null) return done([{ ...shown, count, conversation: beginning }])
    if (places.size > 0) histories.push({ ...shown, count, conversation: onlyTraining(beginning, places) })
    const left = new Set([...wanted].filter((id) => !places.has(id)))
    const last = messages.findLast(({ id }) => left.has(id))
    if (last === undefined) return done(histories.reverse())
    const next = messages.indexOf(last) + 1
    if (next === count)
      return failed(
        whyUnproved(rendered.value, last.id) ?? notShown(last.id, whyNot(renderer, beginning, rendered.value.text)),
      )
    wanted = left
    count = next
  }
}

const whyUnproved = ({ unproved = [] }: Rendered, id: string): Failure | undefined =>
  unproved.find(({ message }) => message === id)?.failure

const onlyTraining = (conversation: Conversation, places: ReadonlyMap<string, Place>): Conversation => ({
  ...conversation,
  messages: conversation.messages.map((message) => ({ ...message, trains: message.trains && places.has(message.id) })),
})

const notShown = (message: string, why: string): Failure => ({
  kind: 'input',
  code: 'history.not-shown',
  message: `the chat template has no rendering in which message ${message} follows what the model read when it said it: ${why}`,
  remedy: 'set the message to `context` in a review, or leave this trajectory out of the selection',
})

/** Where the prompt of the last message and the rendering through it part. */
function whyNot(renderer: Renderer, conversation: Conversation, text: string): string {
  const prompt = renderer.print(conversation, conversation.messages.length - 1, true)
  if (!prompt.ok) return prompt.failure.message
  const at = commonPrefix(prompt.value, text)
  const around = (one: string): string => JSON.stringify(one.slice(Math.max(0, at - 20), at + 30))
  return `it read ${around(prompt.value)}, with its answer the template prints ${around(text)}`
}

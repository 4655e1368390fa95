import type { Conversation } from '../conversation/index.js'
import type { Rendered, Renderer } from '../render/index.js'
import { commonPrefix, emissionsIn, firstOf, saysTheSame, type Emission } from './emissions.js'
import { arrivalsIn } from './shapes.js'

/** Arrivals of messages that leave all history as it was shown; see `arrivalsIn`. */
export type SafeArrivals = ReadonlySet<string>

/** Where a message lies in a rendering that shows what the model read and what it said, in UTF-16 units. */
export interface Place {
  /** The model read `[0, prompt)`: what its own template prints of all before the message, with the prompt to speak. */
  readonly prompt: number
  /** Where the message is over, line ends after the stop token included. */
  readonly end: number
}

/**
 * Places of the wanted messages in the rendering of a conversation, found with the model's own template; a message that the rendering shows
 * otherwise than it was has none. Before each arrival that is not known to be safe, the history is rendered as it stood then and compared;
 * so is the prompt of each message whose arrival is not safe, and that of the last one in any case.
 */
export function findPlaces(
  renderer: Renderer,
  conversation: Conversation,
  rendered: Rendered,
  wanted: ReadonlySet<string>,
  safe: SafeArrivals,
): ReadonlyMap<string, Place> {
  const emissions = emissionsIn(rendered)
  const arrivals = arrivalsIn(conversation)
  const histories = new Map<number, number>()
  const sharedWith = (count: number): number => {
    const known = histories.get(count)
    if (known !== undefined) return known
    const shown = renderer.print(conversation, count, false)
    const shared = !shown.ok
      ? 0
      : rendered.text.startsWith(shown.value)
        ? Infinity
        : commonPrefix(shown.value, rendered.text)
    histories.set(count, shared)
    return shared
  }
  const promptBefore = (index: number, emission: Emission, isSafe: boolean): number | null =>
    isSafe ? emission.start : promptOf(renderer, conversation, rendered, index, emission)
  const places = new Map<string, Place>()
  let next = conversation.messages.length
  let last = true
  for (let index = conversation.messages.length - 1; index >= 0; index -= 1) {
    const { id } = conversation.messages[index] ?? { id: '' }
    const emission = wanted.has(id) ? emissions.get(id) : undefined
    const arrival = arrivals[index] ?? ''
    if (emission !== undefined) {
      const end = endOf(rendered, conversation, index) ?? emission.end
      const isLast = next === index + 1
      const kept = next === conversation.messages.length || sharedWith(next) >= (isLast ? Infinity : end)
      const shown = kept || (isLast && isShown(renderer, conversation, index, emission, sharedWith(next)))
      const prompt = shown ? promptBefore(index, emission, safe.has(arrival) && !last) : null
      if (prompt !== null) places.set(id, { prompt, end })
      last = false
    }
    if (!safe.has(arrival)) next = index
  }
  return places
}

/** Whether what a message emitted when it was the last one is what the whole shows of it. */
function isShown(
  renderer: Renderer,
  conversation: Conversation,
  index: number,
  shown: Emission,
  shared: number,
): boolean {
  const message = conversation.messages[index]
  if (message === undefined || shown.start > shared) return false
  const then = renderer.render(firstOf(conversation, index + 1))
  const emitted = then.ok ? emissionsIn(then.value).get(message.id) : undefined
  return emitted?.start === shown.start && saysTheSame(message.chat, emitted.text, shown.text)
}

/**
 * The length of what the model read before it spoke, where the whole begins with it. Where it spoke first, a template may print a system
 * prompt of its own that it does not print of no messages: what counts then is the prompt to speak.
 */
function promptOf(
  renderer: Renderer,
  conversation: Conversation,
  { text }: Rendered,
  index: number,
  { start }: Emission,
): number | null {
  const prompt = renderer.print(conversation, index, true)
  if (!prompt.ok) return null
  if (index === 0) return text.slice(0, start).endsWith(prompt.value) ? start : null
  return text.startsWith(prompt.value) ? prompt.value.length : null
}

/** Where the next message begins; null where the template does not tell messages apart. */
function endOf({ messageStarts, text }: Rendered, { messages }: Conversation, index: number): number | null {
  return messageStarts.length === messages.length ? (messageStarts[index + 1] ?? text.length) : null
}

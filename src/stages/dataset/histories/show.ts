import type { Conversation } from '../conversation/index.js'
import type { Rendered, Renderer } from '../render/index.js'
import { appendLast } from './append.js'
import { findPlaces, type Place, type SafeArrivals } from './places.js'

/** A conversation's text and the places of the wanted messages that it shows after what the model read. */
export interface Shown {
  readonly rendered: Rendered
  readonly places: ReadonlyMap<string, Place>
  /** The last message, where no one rendering shows it after what was read, so that its own follows the prompt's; else null. */
  readonly appended: string | null
}

/** Takes the template's rendering of the whole; where that does not show the last message as it was said, the prompt's and the message's. */
export function showHistory(
  renderer: Renderer,
  conversation: Conversation,
  whole: Rendered,
  wanted: ReadonlySet<string>,
  safe: SafeArrivals,
): Shown {
  const places = findPlaces(renderer, conversation, whole, wanted, safe)
  const plain: Shown = { rendered: whole, places, appended: null }
  const last = conversation.messages.at(-1)?.id ?? ''
  if (renderer.family.stops === null || !wanted.has(last) || places.has(last)) return plain
  const rendered = appendLast(renderer, conversation, whole)
  if (rendered === null) return plain
  const found = findPlaces(renderer, conversation, rendered, wanted, safe)
  return found.has(last) ? { rendered, places: found, appended: last } : plain
}

import type { Conversation } from '../conversation/index.js'
import type { Rendered, Renderer } from '../render/index.js'
import { emissionsIn, firstOf } from './emissions.js'

/**
 * A conversation's last message after what the model read: the template's rendering of all before it with the prompt to speak, then what the
 * template prints of the message where it comes last. Some templates never print the two together: gpt-oss's drops the analysis of earlier
 * calls once an answer follows, Mistral's moves the system prompt to the last user message. Null where the message does not follow the
 * same prompt to speak in both.
 */
export function appendLast(renderer: Renderer, conversation: Conversation, shown: Rendered): Rendered | null {
  const index = conversation.messages.length - 1
  const id = conversation.messages[index]?.id ?? ''
  const emission = emissionsIn(shown).get(id)
  if (emission === undefined || index < 1) return null
  const before = renderer.render(firstOf(conversation, index))
  const read = renderer.print(conversation, index, true)
  if (!before.ok || !read.ok || !read.value.startsWith(before.value.text)) return null
  const toSpeak = read.value.slice(before.value.text.length)
  // One more character than the prompt to speak: without such a prompt, what came before must at least end alike.
  if (!shown.text.slice(0, emission.start).endsWith(read.value.slice(-toSpeak.length - 1))) return null
  const moved = read.value.length - emission.start
  const own = shown.spans
    .filter(({ message }) => message === id)
    .map((span) => ({ ...span, start: span.start + moved, end: span.end + moved }))
  const starts = before.value.messageStarts
  return {
    text: read.value + shown.text.slice(emission.start),
    original: read.value + shown.original.slice(emission.start),
    spans: [...before.value.spans, ...own],
    messageStarts: starts.length === index ? [...starts, before.value.text.length] : [],
  }
}

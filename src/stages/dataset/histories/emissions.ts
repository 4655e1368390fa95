import type { ChatMessage, Conversation } from '../conversation/index.js'
import type { Rendered } from '../render/index.js'

/** What one message emitted in a rendering: from its first span's start to its last one's end, in UTF-16 units. */
export interface Emission {
  readonly start: number
  readonly end: number
  /** Texts of its spans, joined. */
  readonly text: string
}

/** By message id; a message without a span is not in it. */
export function emissionsIn({ spans, text }: Rendered): ReadonlyMap<string, Emission> {
  const emissions = new Map<string, Emission>()
  for (const { message, start, end } of spans) {
    const before = emissions.get(message)
    const said = text.slice(start, end)
    emissions.set(message, { start: before?.start ?? start, end, text: (before?.text ?? '') + said })
  }
  return emissions
}

/**
 * Whether a rendering shows what the model said when it said it. Qwen3's template puts an empty thought before a last message that has
 * none, in place of the line ends that its text begins with, and takes it away when the conversation goes on: without it, all that was said
 * is there and nothing else.
 */
export function saysTheSame(message: ChatMessage, emitted: string, shown: string): boolean {
  if (emitted === shown) return true
  if (message.reasoning_content !== undefined && message.reasoning_content.trim() !== '') return false
  return emitted.endsWith(shown.replace(/^\n+/, '')) && shown.includes(message.content.trim())
}

export const firstOf = (conversation: Conversation, count: number): Conversation => ({
  ...conversation,
  messages: conversation.messages.slice(0, count),
})

/** How many UTF-16 units two texts begin with alike. */
export function commonPrefix(some: string, other: string): number {
  if (other.startsWith(some)) return some.length
  let low = 0
  let high = Math.min(some.length, other.length)
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (other.startsWith(some.slice(0, middle))) low = middle
    else high = middle - 1
  }
  return low
}

import type { ChatMessage, Conversation } from '../conversation/index.js'
import type { Rendered, Renderer } from '../render/index.js'
import { commonPrefix, emissionsIn, firstOf, saysTheSame } from './emissions.js'
import type { SafeArrivals } from './places.js'
import { arrivalsIn, holdsMarkup, looseIn, shapeOf } from './shapes.js'
import { tryOut } from './try-out.js'

/** Says which arrivals in a conversation need no rendering of their own. */
export type Certify = (renderer: Renderer, conversation: Conversation) => SafeArrivals

const NONE: SafeArrivals = new Set()

/** Nothing is taken for granted: every message's history and prompt are rendered. The time grows with the square of the messages. */
export const renderEach: Certify = () => NONE

const certificates = new WeakMap<Renderer, Map<string, SafeArrivals>>()

/**
 * Arrivals that this template was seen to leave history alone at: in a small conversation of the same shapes, each arrival was compared with
 * what was shown before it. Where a text holds what the template may look for, nothing is certified.
 */
export const certifyByShape: Certify = (renderer, conversation) => {
  const shapes = [...new Set(conversation.messages.map(({ chat }) => shapeOf(chat)))].sort()
  const loose = looseIn(conversation)
  const small = tryOut(conversation, shapes, loose)
  if (!isWorthwhile(conversation, small) || holdsMarkup(conversation, renderer.family.source)) return NONE
  const key = JSON.stringify([
    conversation.tools !== null,
    conversation.messages[0]?.chat.role === 'system',
    shapes,
    loose,
  ])
  const known = certificates.get(renderer) ?? new Map<string, SafeArrivals>()
  certificates.set(renderer, known)
  const found = known.get(key) ?? safeIn(renderer, small)
  known.set(key, found)
  return found
}

/** Whether rendering each prompt costs more than trying out: in messages printed. */
function isWorthwhile({ messages }: Conversation, small: Conversation): boolean {
  const spoken = messages.filter(({ chat }) => chat.role === 'assistant').length
  return spoken * messages.length > 2 * small.messages.length ** 2
}

function safeIn(renderer: Renderer, conversation: Conversation): SafeArrivals {
  const safe = new Set<string>()
  const unsafe = new Set<string>()
  const arrivals = arrivalsIn(conversation)
  let before: Rendered | null = null
  for (const [index, arrival] of arrivals.entries()) {
    const rendered = renderer.render(firstOf(conversation, index + 1))
    const after = rendered.ok ? rendered.value : null
    const kept = after !== null && (index === 0 || keepsHistory(conversation, index, before, after))
    if (kept && promptFits(renderer, conversation, index, after)) safe.add(arrival)
    else unsafe.add(arrival)
    before = after
  }
  return new Set([...safe].filter((arrival) => !unsafe.has(arrival)))
}

/** Whether all that was emitted before a message arrived is still shown where and as it was. */
function keepsHistory({ messages }: Conversation, index: number, before: Rendered | null, after: Rendered): boolean {
  if (before === null) return false
  if (after.text.startsWith(before.text)) return true
  const shared = commonPrefix(before.text, after.text)
  const now = emissionsIn(after)
  const previous = messages[index - 1]
  return [...emissionsIn(before)].every(([id, emission]) => {
    const shown = now.get(id)
    if (emission.end <= shared && shown?.end === emission.end) return true
    if (id !== previous?.id || shown?.start !== emission.start || shown.start > shared) return false
    return saysTheSame(previous.chat, emission.text, shown.text)
  })
}

function promptFits(renderer: Renderer, conversation: Conversation, index: number, after: Rendered): boolean {
  const message: { readonly id: string; readonly chat: ChatMessage } | undefined = conversation.messages[index]
  if (message?.chat.role !== 'assistant') return true
  const prompt = renderer.print(conversation, index, true)
  if (!prompt.ok || !after.text.startsWith(prompt.value)) return false
  return emissionsIn(after).get(message.id)?.start === prompt.value.length
}

import type { ChatMessage, Conversation } from '../conversation/index.js'
import { BATTERY, type BatteryCase } from './battery.js'
import { inputFor, renderBoth, tagAfter, type Templates } from './marked.js'
import { turnsIn } from './turns.js'

/**
 * Whether markers leave a template as it was: on every conversation of the battery it prints the same text with and without them, with one
 * span for each answer, which begins where the model's own template ends the prompt.
 */
export function isProved(templates: Templates): boolean {
  let refused = true
  for (const one of BATTERY) {
    const outcome = prove(templates, asConversation(one))
    if (outcome === 'different') return false
    if (outcome === 'same') refused = false
  }
  return !refused
}

/** `refused` where the template itself refuses the conversation, with and without markers. */
function prove(templates: Templates, conversation: Conversation): 'same' | 'different' | 'refused' {
  const input = inputFor(templates, conversation)
  const prompt = { ...input, generationPrompt: true }
  if (printed(templates.original, prompt) !== printed(templates.marked, prompt)) return 'different'
  const whole = printed(templates.original, input)
  if (whole === null) return printed(templates.marked, input) === null ? 'refused' : 'different'
  const rendered = renderBoth(templates, conversation)
  if (!rendered.ok) return 'different'
  const { spans, text, messageStarts } = rendered.value
  if (messageStarts.length !== conversation.messages.length) return 'different'
  const turns = turnsIn(templates, conversation, text)
  if (turns.length !== spans.length) return 'different'
  const fits = turns.every(({ message, place }, index) => {
    const span = spans[index]
    return span?.message === message && (place === null || span.start === place.prompt)
  })
  return fits && tagFollows(templates, conversation, whole) ? 'same' : 'different'
}

/** A user's word may change what is shown of the history before it; where it does not, the tag must follow the last answer at once. */
function tagFollows(templates: Templates, conversation: Conversation, whole: string): boolean {
  const { nextTags } = templates.family
  const last = conversation.messages.at(-1)
  if (nextTags === null || last?.chat.role !== 'assistant') return true
  const next: ChatMessage = { role: last.chat.tool_calls === undefined ? 'user' : 'tool', content: '' }
  const messages = [...conversation.messages, { id: 'next', chat: next, trains: false, stopped: true }]
  const continued = printed(templates.original, inputFor(templates, { ...conversation, messages }))
  return continued?.startsWith(whole) !== true || continued.startsWith(whole + tagAfter(last.chat, nextTags))
}

function printed(template: Templates['original'], input: ReturnType<typeof inputFor>): string | null {
  const rendered = template.render(input)
  return rendered.ok ? rendered.value : null
}

const asConversation = ({ messages, tools }: BatteryCase): Conversation => ({
  messages: messages.map((chat, index) => ({
    id: String(index),
    chat,
    trains: chat.role === 'assistant',
    stopped: true,
  })),
  tools,
  now: new Date(0),
})

import { done, type Result } from '../../../nouns/index.js'
import type { ChatMessage, Conversation } from '../conversation/index.js'
import type { DatasetModel } from '../model.js'
import { rendererFor } from '../piece.js'

/**
 * A conversation without the reasoning that the model's template does not print, such as that of earlier turns: an engine that prints
 * all reasoning which it is given would show the model more than it has seen.
 */
export function asShown(model: DatasetModel, conversation: Conversation): Result<Conversation> {
  const { messages } = conversation
  if (!messages.some(({ chat }) => chat.reasoning_content)) return done(conversation)
  const rendered = rendererFor(model, conversation).render(conversation)
  if (!rendered.ok) return rendered
  const { text, messageStarts } = rendered.value
  const areTold = messageStarts.length === messages.length
  const printedOf = (at: number): string => (areTold ? text.slice(messageStarts[at], messageStarts[at + 1]) : text)
  const shown = messages.map((message, at) => {
    const reasoning = message.chat.reasoning_content?.trim() ?? ''
    return reasoning === '' || printedOf(at).includes(reasoning)
      ? message
      : { ...message, chat: withoutReasoning(message.chat) }
  })
  return done({ ...conversation, messages: shown })
}

function withoutReasoning(chat: ChatMessage): ChatMessage {
  const { reasoning_content: reasoning, ...rest } = chat
  return reasoning === undefined ? chat : rest
}

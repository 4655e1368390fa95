import type { ChatMessage, Conversation } from '../conversation/index.js'
import type { Rendered } from '../render/index.js'

/**
 * A conversation without the reasoning that its sample does not print, such as that of earlier turns: an engine that prints
 * all reasoning which it is given would show the model more than it has seen.
 */
export function asShown(conversation: Conversation, { text, messageStarts }: Rendered): Conversation {
  const { messages } = conversation
  const areTold = messageStarts.length === messages.length
  const printedOf = (at: number): string => (areTold ? text.slice(messageStarts[at], messageStarts[at + 1]) : text)
  const shown = messages.map((message, at) => {
    const reasoning = message.chat.reasoning_content?.trim() ?? ''
    return reasoning === '' || printedOf(at).includes(reasoning)
      ? message
      : { ...message, chat: withoutReasoning(message.chat) }
  })
  return { ...conversation, messages: shown }
}

function withoutReasoning(chat: ChatMessage): ChatMessage {
  const { reasoning_content: reasoning, ...rest } = chat
  return reasoning === undefined ? chat : rest
}

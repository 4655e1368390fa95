import { done, type Result } from '../../../../nouns/index.js'
import type { Conversation } from '../../conversation/index.js'
import { inputFor, type Rendered, type Templates } from '../marked.js'
import { turnsIn } from '../turns.js'
import { spansByProof } from './spans.js'

/**
 * Renders a conversation by the model's own template alone, with the spans that can be proved; for the others `unproved` says why not.
 */
export function renderUnknown(templates: Templates, conversation: Conversation): Result<Rendered> {
  const input = inputFor(templates, conversation)
  const original = templates.original.render(input)
  if (!original.ok) return original
  const text = original.value
  const speakers = conversation.messages.flatMap(({ id, chat, trains }, index) =>
    chat.role === 'assistant' ? [{ id, index, trains }] : [],
  )
  const given = {
    messages: input.messages,
    whole: text,
    print: (messages: typeof input.messages, generationPrompt: boolean) =>
      templates.original.render({ ...input, messages, generationPrompt }),
    stops: templates.family.stops ?? [],
  }
  const { spans, unproved } = spansByProof(given, speakers, turnsIn(templates, conversation, text))
  return done({ text, original: text, spans, messageStarts: [], unproved })
}

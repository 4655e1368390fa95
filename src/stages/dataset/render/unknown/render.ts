import { done, type Result } from '../../../../nouns/index.js'
import type { Conversation } from '../../conversation/index.js'
import { inputFor, type Rendered, type Templates } from '../marked.js'
import { turnsIn } from '../turns.js'
import { endUnknown } from './disagreement.js'
import type { Case } from './case.js'
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
  const given: Case = {
    messages: input.messages,
    whole: text,
    print: (messages, generationPrompt) => templates.original.render({ ...input, messages, generationPrompt }),
    stops: templates.family.stops ?? [],
  }
  const { spans, unproved } = spansByProof(given, speakers, turnsIn(templates, conversation, text))
  const messageStarts = startsIn(given)
  if (messageStarts.length > 0) return done({ text, original: text, spans, messageStarts, unproved })
  // Where the end of a message is not known, nor is that of one that a limit cut before its stop token.
  const cut = new Set(conversation.messages.filter(({ stopped }) => !stopped).map(({ id }) => id))
  return done({
    text,
    original: text,
    spans: spans.filter(({ message }) => !cut.has(message)),
    messageStarts,
    unproved: [...unproved, ...[...cut].map((message) => ({ message, failure: endUnknown }))],
  })
}

/** Where each message begins: after what the template prints of those before it. None where it does not print them so. */
function startsIn({ messages, whole, print }: Case): readonly number[] {
  const starts = [0]
  for (let count = 1; count < messages.length; count += 1) {
    const before = print(messages.slice(0, count), false)
    if (!before.ok || !whole.startsWith(before.value)) return []
    starts.push(before.value.length)
  }
  return starts
}

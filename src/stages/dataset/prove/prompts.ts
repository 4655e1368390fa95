import type { Place } from '../histories/index.js'
import type { Tokenised } from '../tokenised.js'

/**
 * Whether each span that trains begins where the prompt ended that the model read: what its own template, without markers, prints of all
 * before the message with the prompt to speak.
 */
export function promptsFit({ conversation, labelled }: Tokenised, places: ReadonlyMap<string, Place>): boolean {
  const starts = new Map<string, number>()
  for (const { message, start } of labelled.spans) if (!starts.has(message)) starts.set(message, start)
  return conversation.messages.every(({ id, trains }) => !trains || starts.get(id) === (places.get(id)?.prompt ?? -1))
}

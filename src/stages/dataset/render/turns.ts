import type { Conversation } from '../conversation/index.js'
import type { Result } from '../../../nouns/index.js'
import { inputFor, type Templates } from './marked.js'

/**
 * One assistant message as the model lived it, in UTF-16 units of a whole rendering. It read `[0, prompt)`, said what follows, and at
 * `end` its message is over (line ends that the template prints after the stop token included).
 */
export interface Turn {
  readonly message: string
  /** Null where the rendering shows another history than the model saw when it said this. */
  readonly place: { readonly prompt: number; readonly end: number } | null
}

/**
 * Where each assistant message lies in the rendering of the whole, found with the model's own template and no marker: the whole must begin with
 * the rendering of all before the message plus the generation prompt, and with that of all through the message.
 * A template that rewrites history (drops old reasoning, changes a stop token, moves the tools) gives null for the messages it rewrites.
 */
export function turnsIn(templates: Templates, conversation: Conversation, whole: string): readonly Turn[] {
  const input = inputFor(templates, conversation)
  const lengthOf = (count: number, generationPrompt: boolean): number | null => {
    const printed = templates.original.render({ ...input, messages: input.messages.slice(0, count), generationPrompt })
    return printed.ok && whole.startsWith(printed.value) ? printed.value.length : null
  }
  return conversation.messages.flatMap(({ id, chat }, index) => {
    if (chat.role !== 'assistant') return []
    const prompt = lengthOf(index, true)
    const end = prompt === null ? null : lengthOf(index + 1, false)
    return [{ message: id, place: prompt === null || end === null ? null : { prompt, end } }]
  })
}

/** The first `count` messages by the model's own template, with the prompt to speak or without. */
export function printFirst(
  templates: Templates,
  conversation: Conversation,
  count: number,
  generationPrompt: boolean,
): Result<string> {
  const input = inputFor(templates, conversation)
  return templates.original.render({ ...input, messages: input.messages.slice(0, count), generationPrompt })
}

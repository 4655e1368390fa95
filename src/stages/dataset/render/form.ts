import { ExactJson, type ChatMessage, type ConversationMessage } from '../conversation/index.js'
import type { MessageForm } from './families/index.js'

/** A message in the form that a family's templates want. Nothing is added to it and nothing lost. */
export function inForm(
  { chat, argumentTexts = [] }: Pick<ConversationMessage, 'chat' | 'argumentTexts'>,
  { argumentsAsText }: MessageForm,
): ChatMessage {
  const { tool_calls: calls } = chat
  if (calls === undefined || argumentsAsText !== true) return chat
  const written = calls.map((call, index) => {
    const { name, arguments: given } = call.function
    return { ...call, function: { name, arguments: argumentTexts[index] ?? textOf(given) } }
  })
  return { ...chat, tool_calls: written }
}

function textOf(given: unknown): string {
  if (typeof given === 'string') return given
  return given instanceof ExactJson ? given.text : JSON.stringify(given)
}

import { ExactJson, type ChatMessage, type ChatToolCall } from '../conversation/index.js'
import type { MessageForm } from './families/index.js'

/** A message in the form that a family's templates want. Nothing is added to it and nothing lost. */
export function inForm(message: ChatMessage, { argumentsAsText }: MessageForm): ChatMessage {
  const { tool_calls: calls } = message
  return calls === undefined || argumentsAsText !== true ? message : { ...message, tool_calls: calls.map(withText) }
}

function withText(call: ChatToolCall): ChatToolCall {
  const { name, arguments: given } = call.function
  return { ...call, function: { name, arguments: textOf(given) } }
}

function textOf(given: unknown): string {
  if (typeof given === 'string') return given
  return given instanceof ExactJson ? given.text : JSON.stringify(given)
}

import { ExactJson, type ChatMessage, type ChatToolCall } from '../conversation/index.js'
import type { MessageForm } from './families/index.js'

/** A message as a template is given it. */
export interface TemplateMessage extends Omit<ChatMessage, 'content'> {
  readonly content: string | null
}

/** A message in the form that a family's templates want. Nothing is added to it and nothing lost. */
export function inForm(message: ChatMessage, { nullContent, argumentsAsText }: MessageForm): TemplateMessage {
  const { tool_calls: calls, content } = message
  if (calls === undefined || (nullContent ?? argumentsAsText) === undefined) return message
  return {
    ...message,
    content: nullContent === true && content === '' ? null : content,
    tool_calls: argumentsAsText === true ? calls.map(withText) : calls,
  }
}

function withText(call: ChatToolCall): ChatToolCall {
  const { name, arguments: given } = call.function
  return { ...call, function: { name, arguments: textOf(given) } }
}

function textOf(given: unknown): string {
  if (typeof given === 'string') return given
  return given instanceof ExactJson ? given.text : JSON.stringify(given)
}

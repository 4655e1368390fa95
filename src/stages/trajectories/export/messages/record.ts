import type { Message, ToolCall, ToolSpec, Trajectory } from '../../../../nouns/index.js'
import { conversationOf } from '../conversation.js'
import { fieldsOf, type Fields } from '../../import/values.js'

/** In what the programs that read `{messages, tools}` differ. */
export interface Style {
  /** What stands for the arguments of a call; as text where not given. */
  readonly argumentsOf?: (text: string) => unknown
  /** The fields that say whether a message trains. */
  readonly weightFields?: (message: Message) => Fields
  /** Reasoning and content; as `reasoning_content` and `content` where not given. */
  readonly said?: (message: Message) => Fields
}

/** The conversation as chat completions write it. Reasoning is written where it is the model's own, in full: a summary must not train. */
export function recordOf(trajectory: Trajectory, style: Style): Fields {
  const { messages, tools } = conversationOf(trajectory)
  return {
    messages: messages.map((message) => messageOut(message, style)),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOut) }),
  }
}

function messageOut(message: Message, { said = saidOf, argumentsOf, weightFields }: Style): Fields {
  const { name } = fieldsOf(message.extra?.['openai'])
  const callOut = ({ id, name: called, arguments: text }: ToolCall): Fields => ({
    id,
    type: 'function',
    function: { name: called, arguments: argumentsOf === undefined ? text : argumentsOf(text) },
  })
  return {
    role: message.role,
    ...said(message),
    ...(message.toolCalls === undefined ? {} : { tool_calls: message.toolCalls.map(callOut) }),
    ...(message.toolCallId === undefined ? {} : { tool_call_id: message.toolCallId }),
    ...(typeof name === 'string' ? { name } : {}),
    ...weightFields?.(message),
  }
}

export const saidOf = (message: Message): Fields => ({
  content: message.content,
  ...(fullReasoning(message) === undefined ? {} : { reasoning_content: fullReasoning(message) }),
})

export const fullReasoning = ({ reasoning }: Message): string | undefined =>
  reasoning?.kind === 'full' ? reasoning.text : undefined

export const toolOut = ({ openai, ...spec }: ToolSpec): Fields => ({
  type: 'function',
  ...fieldsOf(openai),
  function: spec,
})

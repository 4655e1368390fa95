import type { Message, Sample, ToolCall, ToolSpec, Trajectory } from '../../../nouns/index.js'
import {
  ExactJson,
  type ChatToolCall,
  type Conversation,
  type ConversationMessage,
  type ToolDefinition,
} from '../conversation/index.js'

/**
 * A sample's conversation as a trajectory with one thread, whose messages have the weights that the sample gives them: 1 where an
 * assistant's message trains, 0 where it does not. What another format kept of the original for itself is left out, so that it cannot
 * say something else than the sample.
 */
export function asTrajectory({ id }: Sample, conversation: Conversation, original: Trajectory): Trajectory {
  const { messages, tools } = conversation
  return {
    format: 'limi.trajectory/1',
    id,
    ...(original.created === undefined ? {} : { created: original.created }),
    source: original.source,
    tags: {},
    threads: [{ id: 'main', messages: messages.map((message) => asMessage(message, original)) }],
    asides: [],
    tools: tools === null ? {} : { shown: tools.map(asSpec) },
    rounds: [],
    outcome: original.outcome,
    complete: true,
  }
}

function asMessage({ id, chat, trains }: ConversationMessage, original: Trajectory): Message {
  const said = messageOf(original, id, chat.content)
  const { role, content, reasoning_content: text, tool_call_id: toolCallId } = chat
  return {
    id,
    role: role as Message['role'],
    origin: said?.origin ?? (role === 'assistant' ? 'model' : role === 'tool' ? 'tool' : 'human'),
    content,
    ...(text === undefined ? {} : { reasoning: { kind: 'full', text } }),
    ...callsOf(chat, said),
    ...(toolCallId === undefined ? {} : { toolCallId }),
    ...(role === 'assistant' ? { weight: trains ? 1 : 0 } : {}),
  }
}

/** Arguments stand as the model wrote them, to the last space. */
function callsOf({ tool_calls: calls }: ConversationMessage['chat'], said: Message | undefined): Partial<Message> {
  if (calls === undefined) return {}
  const asWritten = ({ id, function: { name, arguments: value } }: ChatToolCall): ToolCall => {
    const written = said?.toolCalls?.find((call) => call.id === id && call.name === name)
    return { id, name, arguments: written?.arguments ?? textOf(value) }
  }
  return { toolCalls: calls.map(asWritten) }
}

function textOf(value: unknown): string {
  if (value instanceof ExactJson) return value.text
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A message may lie in several threads, once rebuilt: the one that says the same is meant. */
function messageOf({ threads }: Trajectory, id: string, content: string): Message | undefined {
  const named = threads.flatMap(({ messages }) => messages.filter((message) => message.id === id))
  return named.find((message) => message.content === content) ?? named[0]
}

const asSpec = ({ function: { name, description, parameters } }: ToolDefinition): ToolSpec => ({
  name,
  ...(description === undefined ? {} : { description }),
  ...(parameters === undefined ? {} : { parameters: parameters as Record<string, unknown> }),
})

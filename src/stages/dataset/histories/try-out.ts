import type { ChatMessage, ChatToolCall, Conversation, ToolDefinition } from '../conversation/index.js'

const TOOLS: readonly ToolDefinition[] = [
  { type: 'function', function: { name: 'try', description: 'tries', parameters: { type: 'object', properties: {} } } },
]

/**
 * A small conversation with the shapes of another: a round with each way to call, twice over; then rounds of one call and an answer, and of an
 * answer alone; at the end, of an answer that called nothing and has a result (`loose`: the shapes of such answers). So each usual arrival comes after histories that hold the other shapes.
 */
export function tryOut(
  { messages, tools }: Conversation,
  shapes: readonly string[],
  loose: readonly string[],
): Conversation {
  const ofAssistant = shapes.filter((shape) => shape.startsWith('assistant'))
  const answers = ofAssistant.filter((shape) => shape.endsWith('0'))
  const calling = ofAssistant.filter((shape) => !answers.includes(shape))
  const user = shapes.includes('user') ? [{ role: 'user', content: 'x' }] : []
  const rounds = Array.from(
    { length: calling.length === 0 ? 0 : Math.max(calling.length, answers.length) },
    (_, index) => [
      ...user,
      ...stepOf(calling[index % calling.length] ?? '', index),
      ...answers
        .slice(index % Math.max(1, answers.length))
        .slice(0, 1)
        .map(answerOf),
    ],
  )
  const chats: readonly ChatMessage[] = [
    ...(messages[0]?.chat.role === 'system' ? [{ role: 'system', content: 'x' }] : []),
    ...user,
    ...[...calling, ...calling].flatMap(stepOf),
    ...answers.slice(0, 1).map(answerOf),
    ...rounds.flat(),
    ...answers.flatMap((shape) => [...user, answerOf(shape)]),
    ...[...loose, ...loose].flatMap((shape) => [...user, answerOf(shape), LOOSE_RESULT, answerOf(shape)]),
  ]
  return {
    messages: chats.map((chat, index) => ({
      id: `try-${index}`,
      chat: unlike(chat, index),
      trains: false,
      stopped: true,
    })),
    tools: tools === null ? null : TOOLS,
    now: new Date(0),
  }
}

/** Programs that write calls as text give results that no call asked for. */
const LOOSE_RESULT: ChatMessage = { role: 'tool', content: 'x' }

/** Templates compare messages by what they say (Mistral's looks for the last user's), so that no two say the same. */
const unlike = (chat: ChatMessage, index: number): ChatMessage =>
  chat.content === '' ? chat : { ...chat, content: `${chat.content}${index}` }

const answerOf = (shape: string): ChatMessage => ({ role: 'assistant', content: 'said', ...thoughtOf(shape) })

/** A message that calls, with its results. Text beside a call stands in every other one, and never beside a thought: a template may refuse it. */
function stepOf(shape: string, index: number): readonly ChatMessage[] {
  // Nine letters or digits: some templates ask for that.
  const calls = ['tryoutone', 'tryouttwo'].slice(0, Number(shape.at(-1))).map(asCall)
  const thought = thoughtOf(shape)
  const content = index % 2 === 1 && thought.reasoning_content === undefined ? 'said' : ''
  const results = calls.map(({ id }) => ({ role: 'tool', content: 'x', tool_call_id: id }))
  return [{ role: 'assistant', content, ...thought, tool_calls: calls }, ...results]
}

const thoughtOf = (shape: string): Pick<ChatMessage, 'reasoning_content'> =>
  shape.includes('r', 'assistant'.length) ? { reasoning_content: 'thought' } : {}

const asCall = (id: string): ChatToolCall => ({ id, type: 'function', function: { name: 'try', arguments: { a: 1 } } })

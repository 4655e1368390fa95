import {
  done,
  failed,
  own,
  type Failure,
  type Message,
  type Result,
  type ToolSpec,
  type Trajectory,
} from '../../../nouns/index.js'
import type { Note } from '../notes.js'
import type { ChatMessage, ChatToolCall, Conversation, ConversationMessage, ToolDefinition } from './chat.js'
import { parseArguments, requirePrintable } from './lossless.js'
import { trainsIn, type Stretch, type TrainingRule } from './main-line.js'

export interface Converted {
  readonly conversation: Conversation
  readonly notes: readonly Note[]
}

/** Stops that are not the model's own: what stands after the message in a rendering was not emitted. */
const CUT_SHORT = new Set(['length', 'content-filter', 'other'])

/** A stretch of a trajectory as messages for a chat template. What text alone cannot hold (images, changing tools) is refused. */
export function toConversation(trajectory: Trajectory, stretch: Stretch, rule: TrainingRule): Result<Converted> {
  const twice = repeatedId(stretch.thread.messages)
  if (twice !== null) return failed(at(messageTwice, trajectory.id, twice))
  const notes: Note[] = []
  const messages: ConversationMessage[] = []
  for (const message of stretch.thread.messages) {
    const chat = toChat(message, stretch.id, notes)
    if (!chat.ok) return failed(at(chat.failure, trajectory.id, message.id))
    const trains = trainsIn(message, trajectory, rule) && !stretch.alreadyTrained.has(message.id)
    const stopped = !CUT_SHORT.has(message.call?.stop ?? 'stop')
    if (trains && !stopped) notes.push(cutByLimit(stretch.id, message))
    messages.push({ id: message.id, chat: chat.value, ...textsOf(message), trains, stopped })
  }
  notes.push(...weightsNotKept(stretch, messages))
  const tools = toolsOf(trajectory, stretch.thread.messages)
  if (!tools.ok) return failed(at(tools.failure, trajectory.id))
  return done({ conversation: { messages, tools: tools.value, now: dateOf(trajectory) }, notes })
}

/** A label trains or does not: a weight between is not kept. 0 does not train. */
function weightsNotKept({ id: sample, thread }: Stretch, converted: readonly ConversationMessage[]): readonly Note[] {
  const weighed = thread.messages.filter(({ weight = 1 }, index) => converted[index]?.trains === true && weight !== 1)
  if (weighed.length === 0) return []
  const named = weighed.slice(0, NAMED_AT_MOST).map(({ id, weight }) => `${id} (${weight ?? 1})`)
  const more = weighed.length > named.length ? ` and ${weighed.length - named.length} more` : ''
  const message = `weights of messages are not kept, they train like any other: ${named.join(', ')}${more}`
  return [{ sample, code: 'weight-not-kept', message }]
}

const NAMED_AT_MOST = 20

function toChat(message: Message, sample: string, notes: Note[]): Result<ChatMessage> {
  const content = textOf(message, sample, notes)
  if (!content.ok) return content
  const calls = callsOf(message)
  if (!calls.ok) return calls
  return done({
    role: message.role,
    content: content.value,
    ...reasoningOf(message, sample, notes),
    ...(calls.value.length === 0 ? {} : { tool_calls: calls.value }),
    ...(message.toolCallId === undefined ? {} : { tool_call_id: message.toolCallId }),
  })
}

function textOf(message: Message, sample: string, notes: Note[]): Result<string> {
  if (typeof message.content === 'string') return done(message.content)
  const texts: string[] = []
  for (const part of message.content) {
    const text = part['text']
    if (part.type !== 'text' || typeof text !== 'string') return failed(notText(part.type))
    texts.push(text)
  }
  if (texts.length > 1) {
    const how = `message ${message.id}: ${texts.length} text parts are joined by line ends`
    notes.push({ sample, code: 'parts-joined', message: how })
  }
  return done(texts.join('\n'))
}

/** A summary was written for the reader, never emitted: only full reasoning may enter the rendering. */
function reasoningOf(message: Message, sample: string, notes: Note[]): { reasoning_content?: string } {
  if (message.reasoning === undefined || message.role !== 'assistant') return {}
  const { kind, text } = message.reasoning
  if (kind === 'full' && text !== undefined) return { reasoning_content: text }
  notes.push({
    sample,
    code: 'reasoning-not-shown',
    message: `message ${message.id}: its reasoning is ${kind}, left out`,
  })
  return {}
}

const textsOf = ({ toolCalls = [] }: Message): Pick<ConversationMessage, 'argumentTexts'> =>
  toolCalls.length === 0 ? {} : { argumentTexts: toolCalls.map((call) => call.arguments) }

function callsOf(message: Message): Result<readonly ChatToolCall[]> {
  const calls: ChatToolCall[] = []
  for (const call of message.toolCalls ?? []) {
    const parsed = parseArguments(call.arguments)
    if (!parsed.ok) return parsed
    calls.push({ id: call.id, type: 'function', function: { name: call.name, arguments: parsed.value } })
  }
  return done(calls)
}

/** One rendering shows one list of tools, so that a stretch in which the list changes is refused. */
function toolsOf(trajectory: Trajectory, messages: readonly Message[]): Result<readonly ToolDefinition[] | null> {
  const calls = messages.flatMap((message) => (message.origin === 'model' && message.call ? [message.call] : []))
  const digests = [...new Set(calls.map((call) => call.tools ?? null))]
  if (digests.length > 1) return failed(toolsChanged)
  const [digest = null] = digests
  if (digest === null) return done(null)
  const specs = own(trajectory.tools, digest)
  if (specs === undefined) return failed(toolsAbsent(digest))
  return specs.length === 0 ? done(null) : requirePrintable(specs.map(asDefinition))
}

/** The day of the interaction, which a template that prints the date showed the model. */
function dateOf({ created }: Trajectory): Date | null {
  const date = new Date(created ?? '')
  return Number.isNaN(date.getTime()) ? null : date
}

function repeatedId(messages: readonly Message[]): string | null {
  const seen = new Set<string>()
  for (const { id } of messages) {
    if (seen.has(id)) return id
    seen.add(id)
  }
  return null
}

const asDefinition = ({ name, description, parameters }: ToolSpec): ToolDefinition => ({
  type: 'function',
  function: {
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  },
})

const at = (failure: Failure, trajectory: string, message?: string): Failure => ({
  ...failure,
  where: message === undefined ? trajectory : `${trajectory}, message ${message}`,
})

const cutByLimit = (sample: string, { id, call }: Message): Note => ({
  sample,
  code: 'cut-by-limit',
  message: `message ${id} was cut short (${call?.stop ?? ''}): the stop token after it was not emitted and does not train`,
})

const LEAVE_OUT = 'leave this trajectory out of the selection'

const messageTwice: Failure = {
  kind: 'input',
  code: 'message.duplicate',
  message: 'two messages of one thread have the same id, so that their tokens cannot be told apart',
  remedy: 'import or record the trajectory again',
}

const notText = (type: string): Failure => ({
  kind: 'input',
  code: 'content.not-text',
  message: `a part of kind ${JSON.stringify(type)} cannot be trained as text`,
  remedy: LEAVE_OUT,
})

const toolsChanged: Failure = {
  kind: 'input',
  code: 'tools.changed',
  message: 'the tools on offer change within the conversation, and a chat template shows one list',
  remedy: LEAVE_OUT,
}

const toolsAbsent = (digest: string): Failure => ({
  kind: 'input',
  code: 'tools.absent',
  message: `the trajectory names a list of tools that it does not hold (${digest})`,
  remedy: 'import or record the trajectory again',
})

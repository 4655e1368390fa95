import { z } from 'zod'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import {
  parseArguments,
  type ChatMessage,
  type ChatToolCall,
  type Conversation,
  type ToolDefinition,
} from '../conversation/index.js'
import { readExactValues, type ExactValues } from './exact-values.js'

const Part = z.looseObject({ type: z.string() })

const Call = z.looseObject({
  id: z.string().default(''),
  function: z.looseObject({ name: z.string(), arguments: z.unknown().optional() }),
})

const ChatFileMessage = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(Part), z.null()]).optional(),
  tool_calls: z.array(Call).nullish(),
  weight: z.unknown().optional(),
})

const Chat = z.looseObject({
  messages: z.array(ChatFileMessage).min(1),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).nullish(),
})

type Fields = Readonly<Record<string, unknown>>

/** Fields under which programs keep what a model thought. */
const REASONING = ['reasoning_content', 'reasoning', 'thinking']

/** Read here, so that no template is given them twice or in another form. */
const OURS = [...REASONING, 'weight']

export interface ReadChat {
  /** `file`, or `file:line` of JSON Lines, or `file, element n` of an array. */
  readonly where: string
  readonly conversation: Conversation
}

/**
 * Conversations as OpenAI's chat completions write them: one `{"messages", "tools"}`, an array of such, or JSON Lines. Every assistant message
 * trains, but one of `weight` 0. Fields that are not known are given to the template as they are.
 * Failures: `chat.invalid` with its place, `content.not-text`, `value.prints-differently`.
 */
export function readChats(text: string, file: string, now: Date): Result<readonly ReadChat[]> {
  const documents = documentsIn(text, file)
  if (!documents.ok) return documents
  const chats: ReadChat[] = []
  for (const { where, value, values } of documents.value) {
    const parsed = Chat.safeParse(value)
    if (!parsed.success) return failed(invalid(where, issueOf(parsed.error)))
    const conversation = asConversation(parsed.data, toolsIn(value), values, now)
    if (!conversation.ok) return failed({ ...conversation.failure, where: placeIn(where, conversation.failure) })
    chats.push({ where, conversation: conversation.value })
  }
  return chats.length === 0 ? failed(invalid(file, 'it holds no conversation')) : done(chats)
}

interface ChatDocument {
  readonly where: string
  readonly value: unknown
  readonly values: ExactValues
}

function documentsIn(text: string, file: string): Result<readonly ChatDocument[]> {
  const whole = attempt(text)
  if (whole !== null && Array.isArray(whole.json)) {
    const elements: readonly unknown[] = whole.json
    return done(elements.map((value, at) => ({ where: `${file}, element ${at + 1}`, value, values: whole })))
  }
  if (whole !== null) return done([{ where: file, value: whole.json, values: whole }])
  const found: ChatDocument[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const values = attempt(line)
    if (values === null) return failed(invalid(`${file}:${index + 1}`, 'it is neither JSON nor JSON Lines'))
    found.push({ where: `${file}:${index + 1}`, value: values.json, values })
  }
  return done(found)
}

function attempt(text: string): ExactValues | null {
  try {
    return readExactValues(text)
  } catch {
    return null
  }
}

/** As they are written: parsed by a schema, their fields would stand in another order. */
const toolsIn = (value: unknown): readonly Fields[] => (value as { tools?: readonly Fields[] | null }).tools ?? []

function asConversation(
  chat: z.infer<typeof Chat>,
  given: readonly Fields[],
  values: ExactValues,
  now: Date,
): Result<Conversation> {
  const messages: Conversation['messages'][number][] = []
  for (const [index, message] of chat.messages.entries()) {
    const read = asChat(message, values)
    if (!read.ok) return failed({ ...read.failure, where: `messages[${index}]` })
    const trains =
      message.role === 'assistant' && !(message.weight !== undefined && isZero(values.exact(message.weight)))
    messages.push({ id: `m${index}`, chat: read.value, ...textsOf(message), trains, stopped: true })
  }
  const tools = given.map((tool) => exactFields(tool, values) as unknown as ToolDefinition)
  return done({ messages, tools: tools.length === 0 ? null : tools, now })
}

/** A weight of 0.0 is written with a point, and so is no plain number here. */
const isZero = (weight: unknown): boolean => Number(JSON.parse(JSON.stringify(weight))) === 0

function asChat(message: z.infer<typeof ChatFileMessage>, values: ExactValues): Result<ChatMessage> {
  const { role, content, tool_calls: calls, ...given } = message
  if (given['function_call'] != null) return failed(functionCall)
  const text = textOf(content)
  if (!text.ok) return text
  const reasoning = REASONING.map((name) => given[name]).find((each) => typeof each === 'string')
  const others = Object.entries(given).filter(([name]) => !OURS.includes(name))
  const read = callsOf(calls ?? [], values)
  if (!read.ok) return read
  return done({
    ...Object.fromEntries(others.map(([name, value]) => [name, values.exact(value)])),
    role,
    content: text.value,
    ...(typeof reasoning === 'string' ? { reasoning_content: reasoning } : {}),
    ...(read.value.length === 0 ? {} : { tool_calls: read.value }),
  })
}

function textOf(content: z.infer<typeof ChatFileMessage>['content']): Result<string> {
  if (content === undefined || content === null) return done('')
  if (typeof content === 'string') return done(content)
  const texts: string[] = []
  for (const part of content) {
    const text = part['text']
    if (part.type !== 'text' || typeof text !== 'string') return failed(notText(part.type))
    texts.push(text)
  }
  return done(texts.join('\n'))
}

/** Where every call's arguments were given as text, that is how they were emitted. */
function textsOf({ tool_calls: calls }: z.infer<typeof ChatFileMessage>): { argumentTexts?: readonly string[] } {
  const texts = calls?.map(({ function: { arguments: given } }) => given) ?? []
  const isText = (text: unknown): text is string => typeof text === 'string'
  return texts.length > 0 && texts.every(isText) ? { argumentTexts: texts } : {}
}

/** Arguments as text are parsed, as serving engines do; text that does not parse stays text. */
function callsOf(calls: readonly z.infer<typeof Call>[], values: ExactValues): Result<readonly ChatToolCall[]> {
  const read: ChatToolCall[] = []
  for (const { id, function: called } of calls) {
    const { name, arguments: given } = called
    const parsed = typeof given === 'string' ? parseArguments(given) : done(values.exact(given ?? {}))
    if (!parsed.ok) return parsed
    read.push({ id, type: 'function', function: { name, arguments: parsed.value } })
  }
  return done(read)
}

/** A tool keeps its fields in their order; only what JavaScript would print otherwise becomes text. */
function exactFields(tool: Fields, values: ExactValues): Fields {
  const inner = (value: unknown): unknown =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, values.exact(part)]))
      : values.exact(value)
  return Object.fromEntries(Object.entries(tool).map(([name, value]) => [name, inner(value)]))
}

const functionCall = {
  kind: 'input' as const,
  code: 'chat.invalid',
  message: '`function_call` is the form of calls before `tool_calls`, and chat templates print nothing of it',
  remedy: 'write the call as an element of `tool_calls`',
}

const issueOf = (error: z.ZodError): string => {
  const [issue] = error.issues
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`
}

const placeIn = (where: string, { where: inner }: Failure): string =>
  inner === undefined ? where : `${where}, ${inner}`

const invalid = (where: string, message: string): Failure => ({
  kind: 'input',
  code: 'chat.invalid',
  message,
  where,
  remedy:
    'give OpenAI chat messages: {"messages": [{"role", "content", …}], "tools": […]}, an array of such, or one a line',
})

const notText = (type: string): Failure => ({
  kind: 'input',
  code: 'content.not-text',
  message: `a part of kind ${JSON.stringify(type)} cannot be rendered as text`,
  remedy: 'leave this part out',
})

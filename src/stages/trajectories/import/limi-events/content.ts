import {
  done,
  failed,
  type Message,
  type Origin,
  type Part,
  type Result,
  type ToolCall,
} from '../../../../nouns/index.js'
import { argumentsText } from '../arguments.js'
import { invalid } from '../document.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { isFields, type Fields } from '../values.js'
import { textIn } from './event.js'

/** A part of a conversation's context that the agent itself wrote, in Gemini CLI and what descends from it (packages/core/src/utils/environmentContext.ts). */
const CONTEXT = /^This is the .{1,60}\. We are setting up the context for our chat\./
const GREETING = 'Got it. Thanks for the context!'
const NUDGE = /^(?:System: )?Please continue\.$/

export interface Content {
  readonly role: string
  readonly parts: readonly Fields[]
  readonly rest: Fields
}

/** A message that has no id yet. */
export type Spoken = Pick<
  Message,
  'role' | 'origin' | 'content' | 'reasoning' | 'toolCalls' | 'toolCallId' | 'isError' | 'call' | 'extra'
>

/** A content as the Gemini API defines it: `{role, parts}`. */
export function contentFrom(value: unknown, where: string): Result<Content> {
  if (!isFields(value)) return failed(invalid(where, 'a message that is no object'))
  const { role, parts, ...rest } = value
  if (typeof role !== 'string') return failed(invalid(where, 'role: not a text'))
  const list = parts ?? []
  if (!Array.isArray(list) || !list.every(isFields)) return failed(invalid(where, 'parts: not a list of objects'))
  return done({ role, parts: list, rest: parts === null ? { ...rest, parts } : rest })
}

/** The messages of one content: each result of a tool is one of its own. */
export function messagesOf({ role, parts, rest }: Content, oddities: Oddities): Spoken[] {
  if (role === 'model') return [modelMessage({ role, parts, rest }, oddities)]
  const messages: Spoken[] = []
  let said: Fields[] = []
  const say = (): void => {
    if (said.length > 0) messages.push(userFrom(said, role))
    said = []
  }
  for (const part of parts) {
    if (isFields(part['functionResponse'])) {
      say()
      messages.push(resultFrom(part, part['functionResponse']))
    } else said.push(part)
  }
  say()
  if (messages.length === 0) messages.push(userFrom([], role))
  const [first, ...others] = messages
  return first === undefined ? [] : [withRest(first, rest), ...others]
}

/** The one message of a content of the model. */
export const modelMessage = ({ parts, rest }: Content, oddities: Oddities): Spoken =>
  withRest(answerFrom(parts, oddities), rest)

/** What the model said. Its calls keep the ids they have; one without gets none yet. */
export function answerFrom(parts: readonly Fields[], oddities: Oddities): Spoken {
  const calls = parts.filter((part) => isFields(part['functionCall']))
  const thoughts = parts.filter((part) => part['thought'] === true && typeof part['text'] === 'string')
  const said = parts.filter((part) => !calls.includes(part) && !thoughts.includes(part))
  const kept = [...thoughts, ...(isOneText(said) ? said : [])].map((part) => omit(part, 'text', 'thought'))
  const more = kept.filter(hasFields)
  return {
    role: 'assistant',
    origin: 'model',
    content: isOneText(said) ? (textIn(said[0]?.['text']) ?? '') : contentOf(said).content,
    ...(thoughts.length === 0
      ? {}
      : { reasoning: { text: thoughts.map((part) => textIn(part['text'])).join(''), kind: 'summary' as const } }),
    ...(calls.length === 0 ? {} : { toolCalls: calls.map((part) => callFrom(part, oddities)) }),
    ...(more.length === 0 ? {} : { extra: { limiEvents: { parts: more } } }),
  }
}

export const isGreeting = (message: Spoken): boolean => message.content === GREETING && message.toolCalls === undefined

export const isContext = (content: Content | undefined): boolean =>
  CONTEXT.test(textIn(content?.parts[0]?.['text']) ?? '')

function userFrom(parts: readonly Fields[], role: string): Spoken {
  const { content } = contentOf(parts)
  const injected = typeof content === 'string' && (CONTEXT.test(content) || NUDGE.test(content))
  const origin: Origin = injected || role === 'system' ? 'agent' : 'human'
  const message: Spoken = { role: role === 'system' ? 'system' : 'user', origin, content }
  return role === 'user' || role === 'system' ? message : { ...message, extra: { limiEvents: { role } } }
}

/** Text alone is a string; anything more stays in parts, as it came, under a `type`. */
function contentOf(parts: readonly Fields[]): { content: string | Part[] } {
  if (parts.length === 0) return { content: '' }
  const [only] = parts
  if (parts.length === 1 && only !== undefined && isText(only)) return { content: textIn(only['text']) ?? '' }
  return {
    content: parts.map((part) => ({ type: 'text' in part ? 'text' : (Object.keys(part)[0] ?? 'empty'), ...part })),
  }
}

const isOneText = (parts: readonly Fields[]): boolean => parts.length === 1 && typeof parts[0]?.['text'] === 'string'

const isText = (part: Fields): boolean => typeof part['text'] === 'string' && Object.keys(part).length === 1

function callFrom(part: Fields, oddities: Oddities): ToolCall {
  const { id, name, args, ...rest } = part['functionCall'] as Fields
  const more = { ...omit(part, 'functionCall'), ...(hasFields(rest) ? { functionCall: rest } : {}) }
  if (typeof id !== 'string' || id === '') oddities.count('missing-call-id')
  return {
    id: textIn(id) ?? '',
    name: textIn(name) ?? '',
    arguments: argumentsText(args, oddities),
    ...(hasFields(more) ? { extra: { limiEvents: more } } : {}),
  }
}

/** Gemini CLI answers a call with `{output}` or, where the tool failed, `{error}`; whatever else a program puts there is kept as JSON. */
function resultFrom(part: Fields, { id, name, response, ...rest }: Fields): Spoken {
  const fields = isFields(response) ? response : { output: response }
  const failedWith = textIn(fields['error'])
  const output = textIn(fields['output'])
  const text = output ?? failedWith
  const alone = text !== undefined && Object.keys(fields).length === 1
  const leftover = {
    ...(name === undefined ? {} : { name }),
    ...(hasFields(rest) ? { functionResponse: rest } : {}),
    ...(hasFields(omit(part, 'functionResponse')) ? { part: omit(part, 'functionResponse') } : {}),
    ...(alone || text === undefined ? {} : { response }),
  }
  return {
    role: 'tool',
    origin: 'tool',
    content: text ?? JSON.stringify(response ?? null),
    ...(typeof id === 'string' && id !== '' ? { toolCallId: id } : {}),
    ...('error' in fields ? { isError: true } : {}),
    extra: { limiEvents: leftover },
  }
}

export const hasFields = (value: object): boolean => Object.keys(value).length > 0

const withRest = (message: Spoken, rest: Fields): Spoken =>
  hasFields(rest) ? { ...message, extra: { limiEvents: { ...leftoverOf(message), content: rest } } } : message

export const leftoverOf = (message: Spoken): Fields => (message.extra?.['limiEvents'] ?? {}) as Fields

/** The system prompt: a text, or a content of the Gemini API. */
export function systemPrompt(instruction: unknown): Spoken {
  if (typeof instruction === 'string') return { role: 'system', origin: 'agent', content: instruction }
  const parts = isFields(instruction) ? instruction['parts'] : undefined
  const list = Array.isArray(parts) && parts.every(isFields) ? parts : undefined
  const said = list === undefined ? { content: JSON.stringify(instruction) } : contentOf(list)
  return {
    role: 'system',
    origin: 'agent',
    ...said,
    extra: { limiEvents: { system_instruction: withoutParts(instruction) } },
  }
}

const withoutParts = (value: unknown): unknown => (isFields(value) ? omit(value, 'parts') : value)

/** Whether a history shows what the model said: the same text and calls, whatever their ids. */
export function sameAnswer(said: Spoken, shown: Spoken): boolean {
  const calls = ({ toolCalls }: Spoken): string =>
    JSON.stringify((toolCalls ?? []).map(({ name, arguments: given }) => [name, given]))
  return textOf(said) === textOf(shown) && calls(said) === calls(shown)
}

const textOf = ({ content }: Spoken): string =>
  typeof content === 'string' ? content : content.map((part) => textIn(part['text']) ?? JSON.stringify(part)).join('')

import type { Message, ToolCall } from '../../../../nouns/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import type { Assistant, Content, Part } from './entries.js'

/** A list of one plain text is that text; anything else stays as it came. */
export function contentOf(content: Content): Message['content'] {
  if (typeof content === 'string') return content
  if (content.length === 0) return ''
  const [only] = content
  const plain = content.length === 1 && only?.type === 'text' && Object.keys(only).length === 2
  return plain && typeof only['text'] === 'string' ? only['text'] : [...content]
}

export interface AssistantContent {
  readonly fields: Pick<Message, 'content' | 'reasoning' | 'toolCalls'>
  /** What does not fit in the fields. */
  readonly rest: Readonly<Record<string, unknown>>
}

/** Sorts the parts of a model's message into text, reasoning and calls; an unusual order is kept by name. */
export function assistantContent(message: Assistant, messageId: string, oddities: Oddities): AssistantContent {
  const { content } = message
  const thinking = content.filter(isThinking)
  const calls = content.filter(isCall)
  const said = content.filter((part) => !isThinking(part) && !isCall(part))
  const usual = [...thinking, ...said, ...calls].every((part, at) => part === content[at])
  return {
    fields: {
      content: contentOf(said),
      reasoning: reasoningOf(thinking, message),
      toolCalls:
        calls.length === 0 ? undefined : calls.map((call, at) => callFrom(call, `${messageId}-call${at}`, oddities)),
    },
    rest: {
      ...(usual ? {} : { order: content.map((part) => part.type) }),
      ...(thinking.every(isSimple) && thinking.length < 2 ? {} : { thinking }),
    },
  }
}

interface Thinking extends Part {
  readonly thinking: string
}
const isThinking = (part: Part): part is Thinking => part.type === 'thinking' && typeof part['thinking'] === 'string'

const FIELDS_OF_THINKING = new Set(['type', 'thinking', 'thinkingSignature'])
const isSimple = (part: Thinking): boolean => Object.keys(part).every((key) => FIELDS_OF_THINKING.has(key))

function reasoningOf(parts: readonly Thinking[], message: Assistant): Message['reasoning'] {
  if (parts.length === 0) return undefined
  const text = parts.flatMap(({ thinking }) => (thinking.trim() === '' ? [] : [thinking])).join('\n\n')
  const signature = parts.length === 1 ? parts[0]?.['thinkingSignature'] : undefined
  const hidden = text === '' || parts.every((part) => part['redacted'] === true)
  return {
    kind: hidden ? 'hidden' : isWhole(message) ? 'full' : 'summary',
    ...(text === '' ? {} : { text }),
    ...(typeof signature === 'string' ? { signature } : {}),
  }
}

/** Protocols over which a model's reasoning comes as it was written, and not as a summary. Claude's is one from version 4 on. */
function isWhole({ api, model }: Assistant): boolean {
  if (api === 'anthropic-messages') return !/claude/i.test(model ?? '') || /claude-3/i.test(model ?? '')
  return api === 'openai-completions' || api === 'mistral-conversations'
}

interface RawCall extends Part {
  readonly name: string
}
const isCall = (part: Part): part is RawCall => part.type === 'toolCall' && typeof part['name'] === 'string'

/** `partialJson` is the model's own text, which pi leaves behind where a response was cut. */
function callFrom(part: RawCall, fallback: string, oddities: Oddities): ToolCall {
  const { id, name, arguments: given, partialJson } = part
  const exact = typeof partialJson === 'string'
  const others = omit(part, 'type', 'id', 'name', 'arguments', 'partialJson')
  const rest = exact ? { ...others, arguments: given } : others
  if (typeof id !== 'string') oddities.count('missing-call-id')
  return {
    id: typeof id === 'string' ? id : fallback,
    name,
    arguments: exact ? partialJson : argumentsText(given, oddities),
    extra: Object.keys(rest).length === 0 ? undefined : { pi: rest },
  }
}

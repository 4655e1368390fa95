import type { Call, Message, Part, ToolCall } from '../../../../nouns/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { fieldsIn, isFields, textIn, type Fields } from '../values.js'
import { contentOf, partsOf, usageFrom } from './content.js'
import type { Item } from './item.js'

/** What one answer of the model consists of, item by item. */
const OF_MODEL = new Set(['reasoning', 'web_search_call', 'image_generation_call'])
const CALLS = new Set(['function_call', 'custom_tool_call', 'local_shell_call', 'tool_search_call'])

export const isOfModel = ({ payload }: Item): boolean => {
  const type = typeOf(payload)
  return OF_MODEL.has(type) || CALLS.has(type) || (type === 'message' && payload['role'] === 'assistant')
}

export interface Context {
  readonly model: string
  readonly params: Record<string, unknown>
}

/** One message of the model from the items of one response, and the usage that was counted for it. */
export function answerFrom(
  items: readonly Item[],
  id: string,
  context: Context,
  counted: Fields | null,
  oddities: Oddities,
): Message {
  const parts = items.flatMap(partsIn)
  const calls = items.filter(({ payload }) => CALLS.has(typeOf(payload)))
  const toolCalls = calls.map(({ payload }, at) => callFrom(payload, `${id}-call${at}`, oddities))
  const thoughts = items.filter(({ payload }) => typeOf(payload) === 'reasoning').map(({ payload }) => payload)
  const time = items[0]?.time
  return {
    id,
    role: 'assistant',
    origin: 'model',
    ...(time === undefined ? {} : { time }),
    content: contentOf(parts),
    ...(thoughts.length === 0 ? {} : { reasoning: reasoningFrom(thoughts) }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    call: modelCall(context, counted),
    extra: { codex: { items: items.map((item) => restOf(item, time, thoughts.length === 1)) } },
  }
}

const typeOf = (payload: Fields): string => textIn(payload, 'type') ?? ''

/** What an item adds to the content: a message its parts, a search or an image itself. */
function partsIn({ payload }: Item): Part[] {
  const type = typeOf(payload)
  if (type === 'message') return partsOf(payload['content'])
  return CALLS.has(type) || type === 'reasoning' ? [] : [{ ...payload, type }]
}

/** What the message does not hold of an item. @param first the time of the response's first item */
function restOf({ payload, time, more }: Item, first: string | undefined, isOnlyThought: boolean): Fields {
  const at = time === first || time === undefined ? {} : { time }
  return { type: typeOf(payload), ...omit(fieldsBeside(payload, isOnlyThought), 'type'), ...at, ...more }
}

function fieldsBeside(payload: Fields, isOnlyThought: boolean): Fields {
  const type = typeOf(payload)
  if (type === 'message') return { parts: partsOf(payload['content']).length, ...omit(payload, 'role', 'content') }
  return type === 'reasoning' ? thoughtRest(payload, isOnlyThought) : {}
}

function modelCall({ model, params }: Context, counted: Fields | null): Call {
  if (counted === null) return { model, params }
  const usage = usageFrom(fieldsIn(fieldsIn(counted, 'info'), 'last_token_usage'))
  return { model, params, ...(usage === null ? {} : { usage }), extra: { codex: counted } }
}

function callFrom(payload: Fields, fallback: string, oddities: Oddities): ToolCall {
  const id = textIn(payload, 'call_id') ?? textIn(payload, 'id')
  if (id === undefined) oddities.count('missing-call-id')
  const type = typeOf(payload)
  const name = textIn(payload, 'name') ?? type.replace(/_call$/, '')
  const key = type === 'custom_tool_call' ? 'input' : type === 'local_shell_call' ? 'action' : 'arguments'
  const held = ['type', key]
  if (payload['name'] === name) held.push('name')
  if (typeof payload['call_id'] === 'string') held.push('call_id')
  return {
    id: id ?? fallback,
    name,
    arguments: argumentsText(payload[key], oddities),
    ...(type === 'custom_tool_call' ? { form: 'text' as const } : {}),
    extra: { codex: { ...omit(payload, ...held), type } },
  }
}

/** `content` is the reasoning itself, `summary` what the provider tells of it, `encrypted_content` what it hides. */
function reasoningFrom(items: readonly Fields[]): NonNullable<Message['reasoning']> {
  const full = items.flatMap((item) => textsIn(item['content']))
  const summary = items.flatMap((item) => textsIn(item['summary']))
  const signature = items.map((item) => textIn(item, 'encrypted_content')).find((blob) => blob !== undefined)
  const signed = signature === undefined ? {} : { signature }
  if (full.length > 0) return { text: full.join('\n\n'), kind: 'full', ...signed }
  if (summary.length > 0) return { text: summary.join('\n\n'), kind: 'summary', ...signed }
  return { kind: 'hidden', ...signed }
}

/** What the reasoning field does not hold: nothing of one item with at most one text, all of others. */
function thoughtRest(payload: Fields, isOnly: boolean): Fields {
  const { content, summary, encrypted_content: blob } = payload
  const texts = textsIn(content).length + textsIn(summary).length
  const isPlain = isTexts(content, 'reasoning_text') && isTexts(summary, 'summary_text')
  if (!isOnly || texts > 1 || !isPlain || (blob !== undefined && typeof blob !== 'string' && blob !== null))
    return payload
  return omit(payload, 'content', 'summary', 'encrypted_content')
}

const isTexts = (list: unknown, type: string): boolean =>
  list === undefined ||
  list === null ||
  (Array.isArray(list) &&
    list.every((one) => isFields(one) && one['type'] === type && Object.keys(one).length === 2 && 'text' in one))

function textsIn(list: unknown): string[] {
  const items: unknown[] = Array.isArray(list) ? list : []
  return items.flatMap((one) => (isFields(one) && typeof one['text'] === 'string' ? [one['text']] : []))
}

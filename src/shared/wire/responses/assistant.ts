import type { Part, ToolCall } from '../../../nouns/index.js'
import { field, omit, textIn, type Fields } from '../../json/index.js'
import type { WireMessage } from '../dialect.js'
import { actionName, actionOf, type ReceivedItem } from './actions.js'
import { contentFrom, partsFrom, textsIn } from './content.js'

const BETWEEN = '\n\n'

/** The items of one response as one message; what has no place in it stays in `extra.openai.items`, by their order. */
export function assistantFrom(items: readonly ReceivedItem[]): WireMessage {
  const parts: Part[] = []
  const calls: ToolCall[] = []
  const thoughts: Thought[] = []
  for (const { item, action } of items) {
    const type = typeIn(item)
    if (type === 'message') parts.push(...partsFrom(item['content']))
    else if (type === 'reasoning') thoughts.push(thoughtFrom(item))
    else if (CALLS.includes(type) || actionOf(item) !== undefined) calls.push(callFrom(item, action, calls.length))
    else parts.push(item as Part)
  }
  const reasoning = reasoningFrom(thoughts)
  const rests = items.map((one) => restOf(one, typeIn(one.item), reasoning?.signature))
  return {
    role: 'assistant',
    content: contentFrom(parts),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(calls.length === 0 ? {} : { toolCalls: calls }),
    extra: { openai: { items: rests } },
  }
}

/** An item of a message may leave its type out. */
export const typeIn = (item: Fields): string =>
  textIn(item, 'type') ?? (typeof item['role'] === 'string' ? 'message' : '')

const CALLS = ['function_call', 'custom_tool_call']

/** Whether an item is of what the model said. */
export function isSaid(item: Fields): boolean {
  const type = typeIn(item)
  return type === 'message' ? item['role'] === 'assistant' : type === 'reasoning' || type.endsWith('_call')
}

interface Thought {
  readonly text: string
  readonly kind: 'full' | 'summary' | 'hidden'
  readonly signature?: string
}

/** What the model thought in full stands in `content`, a summary of it in `summary`; what is encrypted is for the provider alone. */
function thoughtFrom(item: Fields): Thought {
  const [full, summary] = [textsIn(item['content']), textsIn(item['summary'])]
  const signature = textIn(item, 'encrypted_content')
  const signed = signature === undefined || signature === '' ? {} : { signature }
  if (full.length > 0) return { text: full.join(''), kind: 'full', ...signed }
  if (summary.length > 0) return { text: summary.join(BETWEEN), kind: 'summary', ...signed }
  return { text: '', kind: 'hidden', ...signed }
}

function reasoningFrom(thoughts: readonly Thought[]): WireMessage['reasoning'] {
  if (thoughts.length === 0) return undefined
  const told = thoughts.filter(({ text }) => text !== '')
  const signature = thoughts.find((one) => one.signature !== undefined)?.signature
  const kind = told[0]?.kind ?? 'hidden'
  if (kind === 'hidden' && signature === undefined) return undefined
  return {
    ...(told.length === 0 ? {} : { text: told.map(({ text }) => text).join(BETWEEN) }),
    kind,
    ...(signature === undefined ? {} : { signature }),
  }
}

/** A custom tool takes free text; a call of a tool that the service describes is an action. */
function callFrom(item: Fields, action: string | undefined, at: number): ToolCall {
  const type = typeIn(item)
  const given = action ?? item[actionOf(item) ?? (type === 'custom_tool_call' ? 'input' : 'arguments')]
  return {
    id: textIn(item, 'call_id') ?? textIn(item, 'id') ?? `call${at}`,
    name: textIn(item, 'name') ?? actionName(item) ?? '',
    arguments: typeof given === 'string' ? given : given === undefined ? '' : JSON.stringify(given),
    ...(type === 'custom_tool_call' ? { form: 'text' as const } : {}),
    ...(field(item, 'namespace') === undefined ? {} : { extra: { openai: { namespace: item['namespace'] } } }),
  }
}

const HELD: Readonly<Record<string, readonly string[]>> = {
  message: ['content', 'role'],
  function_call: ['arguments', 'call_id', 'name', 'namespace'],
  custom_tool_call: ['input', 'call_id', 'name', 'namespace'],
}

/** The item without what the message holds; one that is a part of it as a whole is named alone. */
function restOf({ item, action }: ReceivedItem, type: string, signature: string | undefined): Fields {
  if (type === 'reasoning') return { ...omit(item, ...heldOfThought(item, signature)), type }
  const named = actionOf(item)
  if (named !== undefined) return { ...omit(item, 'call_id', ...(action === '' ? [] : [named])), type }
  const held = HELD[type]
  return held === undefined ? { type } : { ...omit(item, ...held), type }
}

/** A message has one signature and one kind of reasoning: what else a thought has stays with its item. */
function heldOfThought(item: Fields, signature: string | undefined): readonly string[] {
  const told = textsIn(item['content']).length > 0 ? 'content' : 'summary'
  return item['encrypted_content'] === signature ? [told, 'encrypted_content'] : [told]
}

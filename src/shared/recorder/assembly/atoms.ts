import type { Part, ToolCall } from '../../../nouns/index.js'
import { isFields, readJson, textIn } from '../../json/index.js'
import type { WireMessage } from '../../wire/index.js'

/** The least of a conversation that agents move about as one: a text, a call, a result, a part of another kind. */
export interface Atom {
  /** Equal where two atoms say the same, however they are written. */
  readonly key: number
  readonly kind: 'system' | 'user' | 'result' | 'text' | 'call' | 'empty' | 'part'
  /** A text without its white space, which agents trim and join by. */
  readonly text: string
  /** Of a call or a result. */
  readonly callId?: string
  readonly source: WireMessage
  /** Places in the source's content; none where the atom is no part of a list. */
  readonly parts: readonly number[]
}

export const isModels = ({ kind }: Pick<Atom, 'kind'>): boolean =>
  kind === 'text' || kind === 'call' || kind === 'empty' || kind === 'part'

type Draft = Omit<Atom, 'key'> & { readonly says: string }

/** What a message says, in an order of our own: agents write what a model said as one message or as several. */
export function atomsOf(message: WireMessage, intern: (text: string) => number): readonly Atom[] {
  return draftsOf(message).map(({ says, ...atom }) => ({ ...atom, key: intern(`${atom.kind} ${says}`) }))
}

function draftsOf(message: WireMessage): readonly Draft[] {
  if (message.role === 'assistant') return modelDrafts(message)
  if (message.role === 'tool') return [resultDraft(message)]
  const kind = message.role === 'system' ? 'system' : 'user'
  const { content } = message
  if (typeof content === 'string') return textDrafts(kind, content, message, [])
  return content.flatMap((part, at): Draft[] => {
    const text = textOf(part)
    if (text !== null) return textDrafts(kind, text, message, [at])
    return [{ kind, text: '', says: canonical(part), source: message, parts: [at] }]
  })
}

function textDrafts(kind: 'user' | 'system', text: string, source: WireMessage, parts: readonly number[]): Draft[] {
  const bare = bareText(text)
  return bare === '' ? [] : [{ kind, text: bare, says: bare, source, parts }]
}

function resultDraft(message: WireMessage): Draft {
  const { content, toolCallId: callId } = message
  const texts = typeof content === 'string' ? [content] : content.map(textOf)
  const isText = texts.every((one) => one !== null)
  const says = isText ? bareText(texts.join('')) : canonical(content)
  return {
    kind: 'result',
    text: isText ? says : '',
    says,
    source: message,
    parts: [],
    ...(callId === undefined ? {} : { callId }),
  }
}

function modelDrafts(message: WireMessage): readonly Draft[] {
  const { content, toolCalls } = message
  const parts: readonly Part[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  const text = bareText(parts.map((part) => textOf(part) ?? '').join(''))
  const source = message
  const drafts: Draft[] = text === '' ? [] : [{ kind: 'text', text, says: text, source, parts: [] }]
  for (const part of parts) {
    if (textOf(part) === null) drafts.push({ kind: 'part', text: '', says: canonical(part), source, parts: [] })
  }
  for (const call of toolCalls ?? []) {
    const says = `${namespaceOf(call)}${call.name}(${argumentsSay(call)})`
    drafts.push({ kind: 'call', text: '', says, callId: call.id, source, parts: [] })
  }
  return drafts.length === 0 ? [{ kind: 'empty', text: '', says: '', source, parts: [] }] : drafts
}

/** Two tools of one name may be of two namespaces. */
function namespaceOf({ extra }: ToolCall): string {
  const namespace = textIn(extra?.['openai'], 'namespace')
  return namespace === undefined ? '' : `${namespace}.`
}

export const bareText = (text: string): string => text.replace(/\s+/g, '')

const TEXTS = new Set(['text', 'input_text', 'output_text'])

/** Null where a part is no text. */
export const textOf = (part: Part): string | null =>
  TEXTS.has(part.type) && typeof part['text'] === 'string' ? part['text'] : null

function argumentsSay({ arguments: text }: ToolCall): string {
  const value = readJson(text)?.value
  if (value === undefined) return bareText(text) === '' ? '{}' : bareText(text)
  return canonical(value) || '{}'
}

/** What clients add to what they send again, or leave out. */
const PASSING = new Set([
  'cache_control',
  'signature',
  'thoughtSignature',
  'thought_signature',
  'annotations',
  'logprobs',
])

/** Keys in order, without what is null or passing. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (!isFields(inner)) return inner
    const kept = Object.entries(inner).filter(([key, one]) => one !== null && !PASSING.has(key))
    return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  })
}

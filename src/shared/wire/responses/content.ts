import type { Message, Part } from '../../../nouns/index.js'
import { isFields, textIn } from '../../json/index.js'

const TEXTS = ['input_text', 'output_text', 'text', 'summary_text', 'reasoning_text']

/** Parts of an item, texts as texts and anything else as it came. */
export function partsFrom(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  if (!Array.isArray(content))
    return content === null || content === undefined ? [] : [{ type: 'unreadable', value: content }]
  return content.map((part: unknown): Part => {
    if (typeof part === 'string') return { type: 'text', text: part }
    if (!isFields(part) || typeof part['type'] !== 'string') return { type: 'unreadable', value: part }
    if (!TEXTS.includes(part['type']) || typeof part['text'] !== 'string') return part as Part
    const rest = Object.entries(part).filter(([key, value]) => !PLAIN.includes(key) && !isEmpty(value))
    return { type: 'text', text: part['text'], ...Object.fromEntries(rest) }
  })
}

const PLAIN = ['type', 'text']
const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0)

/** One plain text is text; anything else stays a list. */
export function contentFrom(parts: readonly Part[]): Message['content'] {
  const [only] = parts
  if (only === undefined) return ''
  const isPlain = parts.length === 1 && only.type === 'text' && Object.keys(only).length === 2
  return isPlain && typeof only['text'] === 'string' ? only['text'] : [...parts]
}

export const textsIn = (parts: unknown): string[] =>
  Array.isArray(parts) ? parts.flatMap((part: unknown) => textIn(part, 'text') ?? []) : []

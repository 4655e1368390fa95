import { field, fieldsOf, isCount, isFields, listIn, textIn, type Fields } from '../../json/index.js'
import type { ReceivedItem } from './actions.js'

type Change = (item: Fields, event: Fields) => Fields

/**
 * An item after an event that tells of a piece of it; null for an event of another kind. Events as OpenAI's client types them (npm `openai`, `ResponseStreamEvent`);
 * of patches as npm `@ai-sdk/openai` reads them.
 */
export function changed(before: ReceivedItem, type: string, event: Fields): ReceivedItem | null {
  if (type.startsWith(PATCH)) return patched(before, event)
  const change = Object.hasOwn(CHANGES, type) ? CHANGES[type] : undefined
  return change === undefined ? null : { ...before, item: change(before.item, event) }
}

/** A text of the item, as it grows and as it is in the end. */
function text(event: string, key: string, type: string): Record<string, Change> {
  const named = (item: Fields): string => textIn(item, 'type') ?? type
  return {
    [`${event}.delta`]: (item, piece) => ({
      ...item,
      type: named(item),
      [key]: `${textIn(item, key) ?? ''}${textIn(piece, 'delta') ?? ''}`,
    }),
    [`${event}.done`]: (item, piece) =>
      typeof piece[key] === 'string' ? { ...item, type: named(item), [key]: piece[key] } : item,
  }
}

interface List {
  readonly name: string
  /** What events count its parts by. */
  readonly at: string
  /** The type of an item that has it. */
  readonly of: string
}

const CONTENT: List = { name: 'content', at: 'content_index', of: 'message' }
const THOUGHTS: List = { ...CONTENT, of: 'reasoning' }
const SUMMARY: List = { name: 'summary', at: 'summary_index', of: 'reasoning' }

/** An item with a change in one part of its list. */
function withPart(item: Fields, event: Fields, list: List, change: (part: Fields) => Fields): Fields {
  const parts = [...listIn(item, list.name)]
  const index = event[list.at]
  const place = isCount(index) && index <= parts.length ? index : parts.length
  parts[place] = change(fieldsOf(parts[place]))
  return { ...item, type: item['type'] ?? list.of, [list.name]: parts }
}

/** The text of a part. */
function textOfPart(event: string, list: List, type: string, key = 'text'): Record<string, Change> {
  return {
    [`${event}.delta`]: (item, piece) =>
      withPart(item, piece, list, (part) => ({
        ...part,
        type,
        [key]: `${textIn(part, key) ?? ''}${textIn(piece, 'delta') ?? ''}`,
      })),
    [`${event}.done`]: (item, piece) =>
      typeof piece[key] === 'string'
        ? withPart(item, piece, list, (part) => ({ ...part, type, [key]: piece[key] }))
        : item,
  }
}

const wholePart =
  (list: List): Change =>
  (item, event) =>
    isFields(event['part']) ? withPart(item, event, list, () => fieldsOf(event['part'])) : item

const CHANGES: Readonly<Record<string, Change>> = {
  ...textOfPart('response.output_text', CONTENT, 'output_text'),
  ...textOfPart('response.refusal', CONTENT, 'refusal', 'refusal'),
  ...textOfPart('response.reasoning_text', THOUGHTS, 'reasoning_text'),
  ...textOfPart('response.reasoning_summary_text', SUMMARY, 'summary_text'),
  'response.content_part.added': wholePart(CONTENT),
  'response.content_part.done': wholePart(CONTENT),
  'response.reasoning_summary_part.added': wholePart(SUMMARY),
  'response.reasoning_summary_part.done': wholePart(SUMMARY),
  'response.output_text.annotation.added': (item, event) =>
    withPart(item, event, CONTENT, (part) => ({
      ...part,
      annotations: [...listIn(part, 'annotations'), event['annotation']],
    })),
  ...text('response.function_call_arguments', 'arguments', 'function_call'),
  ...text('response.custom_tool_call_input', 'input', 'custom_tool_call'),
  ...text('response.code_interpreter_call_code', 'code', 'code_interpreter_call'),
  ...text('response.mcp_call_arguments', 'arguments', 'mcp_call'),
  'response.image_generation_call.partial_image': (item, event) => ({
    ...item,
    type: item['type'] ?? 'image_generation_call',
    partial_image_b64: event['partial_image_b64'],
  }),
}

const PATCH = 'response.apply_patch_call_operation_diff.'
/** Where an operation's diff ends that is not whole. */
const OPEN_END = '"}'.length

/** The text of an operation whose diff goes on ends within it. */
function patched({ item }: ReceivedItem, event: Fields): ReceivedItem {
  const { diff: before, ...others } = fieldsOf(field(item, 'operation'))
  const diff = textIn(event, 'diff') ?? `${typeof before === 'string' ? before : ''}${textIn(event, 'delta') ?? ''}`
  const operation = { ...others, diff }
  const action = JSON.stringify(operation).slice(0, -OPEN_END)
  return { item: { ...item, type: item['type'] ?? 'apply_patch_call', operation }, action }
}

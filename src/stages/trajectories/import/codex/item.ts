import { isFields, textIn, type Fields } from '../values.js'

/** One line of a rollout, with its envelope or, before September 2025, without. */
export interface Item {
  readonly kind: 'session_meta' | 'response_item' | 'turn_context' | 'event_msg' | 'compacted' | 'other'
  readonly payload: Fields
  readonly time?: string
  /** What an envelope holds besides type, time and payload. */
  readonly more: Fields
}

const KINDS = new Set<string>(['session_meta', 'response_item', 'turn_context', 'event_msg', 'compacted'])
const BARE = new Set([
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'local_shell_call',
  'custom_tool_call',
  'custom_tool_call_output',
  'web_search_call',
])
const ENVELOPE = ['type', 'timestamp', 'payload']

export function itemFrom(line: Fields): Item {
  const { type, payload } = line
  const time = textIn(line, 'timestamp')
  const at = time === undefined ? {} : { time }
  if (typeof type === 'string' && KINDS.has(type) && isFields(payload)) {
    const held = time === undefined ? ['type', 'payload'] : ENVELOPE
    const more = Object.fromEntries(Object.entries(line).filter(([key]) => !held.includes(key)))
    return { kind: type as Item['kind'], payload, ...at, more }
  }
  if (typeof type === 'string' && BARE.has(type)) return { kind: 'response_item', payload: line, more: {} }
  const isMeta = type === undefined && typeof line['id'] === 'string' && time !== undefined
  return { kind: isMeta ? 'session_meta' : 'other', payload: line, ...at, more: {} }
}

/** A record as it is kept: the line again. */
export const recordOf = ({ kind, payload, time, more }: Item): Fields =>
  kind === 'other' ? payload : { type: kind, ...(time === undefined ? {} : { timestamp: time }), payload, ...more }

import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { done, failed, type Result } from '../../../../nouns/index.js'
import { parseBytes, invalid } from '../document.js'
import { isFields, type Fields } from '../values.js'
import { cutHistory, NO_HISTORY, type History } from './history.js'

/** One content of a request's history, not parsed until it is known to be new. */
export interface Shown {
  readonly digest: string
  readonly bytes: Buffer
}

/** A model call as the agent sent it. */
export interface Request {
  readonly kind: 'request'
  /** Its place among the events. */
  readonly number: number
  readonly history: readonly Shown[]
  /** The same, as it stands in the file. */
  readonly written: History
  /** Digest of the system instruction; empty where there is none. */
  readonly system: string
  readonly systemInstruction: unknown
  readonly tools: unknown
  readonly model: string | undefined
  readonly promptId: string | undefined
  /** The event without history, system instruction and tools. */
  readonly rest: Fields
}

/** Any other event, whole. */
export interface OtherEvent {
  readonly kind: 'other'
  readonly type: string
  readonly event: Fields
}

export type LogEvent = Request | OtherEvent

/**
 * Reads one event of the log. Only what is not history is parsed: a request repeats all that came before it.
 * @param before the request before, whose digests are used again
 */
export function readEvent(bytes: Buffer, number: number, where: string, before?: Request): Result<LogEvent> {
  const { rest, history: written, repeated } = cutHistory(bytes, before?.written ?? NO_HISTORY)
  const parsed = parseBytes(rest, where)
  if (!parsed.ok) return failed({ ...parsed.failure, where })
  const event = parsed.value
  if (!isFields(event)) return failed(invalid(where, 'an event that is no object'))
  const type = typeof event['type'] === 'string' ? event['type'] : ''
  if (type !== 'api_request_full') return otherEvent(type, bytes, where)
  const data = event['data']
  const full = isFields(data) ? data['full_request'] : undefined
  if (!isFields(data) || !isFields(full)) return failed(invalid(where, 'data.full_request: a request without it'))
  const { messages, system_instruction: systemInstruction, tools, ...more } = full
  if (!Array.isArray(messages)) return failed(invalid(where, 'data.full_request.messages: not a list'))
  const { elements } = written
  const contents = elements.length > 0 ? elements : messages.map((one) => Buffer.from(JSON.stringify(one)))
  const known = (before?.history ?? []).slice(0, repeated)
  if (!contents.slice(repeated).every((one) => isUtf8(one))) return failed(invalid(where, 'this is not UTF-8 text'))
  return done({
    kind: 'request',
    number,
    history: contents.map((one, at) => ({ bytes: one, digest: known[at]?.digest ?? digestOfBytes(one) })),
    written,
    system: systemInstruction === undefined ? '' : digestOfBytes(JSON.stringify(systemInstruction)),
    systemInstruction,
    tools,
    model: textIn(data['model']) ?? textIn(full['model']),
    promptId: textIn(data['prompt_id']) ?? textIn(full['prompt_id']),
    rest: { ...event, data: { ...data, full_request: more } },
  })
}

/** Where no history was found in it, `rest` was the whole event already. */
function otherEvent(type: string, bytes: Buffer, where: string): Result<OtherEvent> {
  const parsed = parseBytes(bytes, where)
  return parsed.ok ? done({ kind: 'other', type, event: parsed.value as Fields }) : failed({ ...parsed.failure, where })
}

const digestOfBytes = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('base64')

export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

import type { Call, Message, Usage } from '../../../../nouns/index.js'
import { canonicalJson } from '../../../../shared/project/index.js'
import { anthropicUsage, stopReason } from '../../../../shared/wire/index.js'
import { assistantPiece, type Content } from '../anthropic-messages/index.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { isFields } from '../values.js'
import { restOf, textOf, type Line, type MessageLine } from './line.js'

export const SYNTHETIC = '<synthetic>'

export interface Answer {
  readonly message: Message
  readonly model: string
  readonly usage: Usage | null
}

/**
 * One answer of the API from its lines: each block comes as a line of its own, with usage that grows until the last. What Claude Code
 * itself put into the model's mouth (`<synthetic>`) has origin `agent` and no call.
 */
export function answerFrom(lines: readonly MessageLine[], session: Line, oddities: Oddities): Answer {
  const [first] = lines as readonly [MessageLine]
  const last = lastOf(lines, (line) => isFields(line.message['usage'])) ?? first
  const model = textOf(first.message, 'model') ?? 'unknown'
  const isSynthetic = model === SYNTHETIC
  const piece = assistantPiece(contentOf(lines), model, oddities)
  const usage = isSynthetic ? null : anthropicUsage(last.message['usage'])
  const later = lines.slice(1).map((line) => differences(line, first, last))
  const claudeCode = {
    ...restOf(first, session),
    ...(isSynthetic ? { message: omit(first.message, 'content') } : {}),
    ...(later.length === 0 ? {} : { lines: later }),
  }
  const message: Message = {
    ...piece,
    id: first.uuid,
    origin: isSynthetic ? 'agent' : 'model',
    ...timeOf(first),
    ...(isSynthetic ? {} : { call: callOf(lines, last, model, usage) }),
    extra: { ...piece.extra, claudeCode },
  }
  return { message, model, usage }
}

function callOf(lines: readonly MessageLine[], last: MessageLine, model: string, usage: Usage | null): Call {
  const stop = lastOf(lines, (line) => textOf(line.message, 'stop_reason') !== undefined)?.message['stop_reason']
  const said = { ...omit(last.message, 'content', 'model'), ...(typeof stop === 'string' ? { stop_reason: stop } : {}) }
  return {
    model,
    params: {},
    ...(usage === null ? {} : { usage }),
    ...(typeof stop === 'string' ? { stop: stopReason(stop) } : {}),
    extra: { anthropic: said },
  }
}

/** The blocks of all lines; text alone, as no real session has it, is a block too where it stands beside others. */
function contentOf(lines: readonly MessageLine[]): Content {
  const [only] = lines as readonly [MessageLine]
  if (lines.length === 1) return only.message.content
  return lines.flatMap(({ message: { content } }) =>
    Array.isArray(content) ? content : [{ type: 'text', text: content ?? '' }],
  )
}

/** Of a later line only what the message does not tell of the first or the last already. */
function differences(line: MessageLine, first: MessageLine, last: MessageLine): Record<string, unknown> {
  const own = differing(omit(line, 'message', 'type'), first)
  const message = differing(omit(line.message, 'content'), last.message)
  return { ...own, ...(Object.keys(message).length === 0 ? {} : { message }) }
}

function differing(line: object, from: Line): Record<string, unknown> {
  return Object.fromEntries(Object.entries(line).filter(([key, value]) => !isEqual(value, from[key])))
}

const isEqual = (a: unknown, b: unknown): boolean =>
  a === b || (isObject(a) && isObject(b) && canonicalJson(a) === canonicalJson(b))

const isObject = (value: unknown): boolean => value !== null && typeof value === 'object'

export const timeOf = (line: Line): { time?: string } => {
  const time = textOf(line, 'timestamp')
  return time === undefined ? {} : { time }
}

function lastOf(lines: readonly MessageLine[], fits: (line: MessageLine) => boolean): MessageLine | undefined {
  return [...lines].reverse().find(fits)
}

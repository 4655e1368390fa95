import { Origin, Role, StopReason } from '../../../nouns/index.js'

type Fields = Readonly<Record<string, unknown>>

/**
 * Whether an event is one of the frequent kinds (`thread`, `message`, `tools`, `outcome`) and the schema accepts it: the same question put by
 * hand, in a tenth of the time. False says nothing; the schema then names the fault. Only for values as JSON has them.
 */
export function isPlainlyFit(event: Fields): boolean {
  switch (event['type']) {
    case 'message':
      return isText(event['thread']) && isMessage(event['message'])
    case 'thread':
      return isText(event['id']) && isNoneOr(event['parent'], isParent)
    case 'tools':
      return isText(event['digest']) && isListOf(event['tools'], isTool)
    case 'outcome':
      return isFields(event['outcome']) && isOutcome(event['outcome'])
    default:
      return false
  }
}

function isMessage(value: unknown): boolean {
  if (!isFields(value)) return false
  const { id, role, origin, content, round, time, reasoning, toolCalls, toolCallId, isError, call, weight, extra } =
    value
  return (
    isText(id) &&
    ROLES.has(role) &&
    ORIGINS.has(origin) &&
    (isText(content) || isListOf(content, isPart)) &&
    isNoneOr(toolCallId, isText) &&
    isNoneOr(toolCalls, isCalls) &&
    isNoneOr(call, isModelCall) &&
    isNoneOr(time, isText) &&
    isNoneOr(reasoning, isReasoning) &&
    isNoneOr(isError, isBoolean) &&
    isNoneOr(round, isPositive) &&
    isNoneOr(weight, isAmount) &&
    isNoneOr(extra, isRecord)
  )
}

const isCalls = (value: unknown): boolean => isListOf(value, isToolCall)

function isToolCall(value: unknown): boolean {
  if (!isFields(value)) return false
  const { id, name, arguments: given, form, extra } = value
  const isForm = form === undefined || form === 'json' || form === 'text'
  return isText(id) && isText(name) && isText(given) && isForm && isNoneOr(extra, isRecord)
}

function isModelCall(value: unknown): boolean {
  if (!isFields(value)) return false
  const { model, params, tools, usage, stop, durationMs, extra } = value
  return (
    isText(model) &&
    isNoneOr(params, isRecord) &&
    isNoneOr(tools, isText) &&
    isNoneOr(usage, isUsage) &&
    (stop === undefined || STOPS.has(stop)) &&
    isNoneOr(durationMs, isAmount) &&
    isNoneOr(extra, isRecord)
  )
}

function isUsage(value: unknown): boolean {
  if (!isFields(value)) return false
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = value
  return (
    isCount(inputTokens) &&
    isCount(outputTokens) &&
    isNoneOr(cachedInputTokens, isCount) &&
    isNoneOr(reasoningTokens, isCount)
  )
}

function isReasoning(value: unknown): boolean {
  if (!isFields(value)) return false
  const { text, kind, signature } = value
  return KINDS.has(kind) && isNoneOr(text, isText) && isNoneOr(signature, isText)
}

function isParent(value: unknown): boolean {
  if (!isFields(value)) return false
  const { thread, message, relation, toolCall } = value
  return isText(thread) && RELATIONS.has(relation) && isNoneOr(message, isText) && isNoneOr(toolCall, isText)
}

function isTool(value: unknown): boolean {
  if (!isFields(value)) return false
  const { name, description, parameters } = value
  return isText(name) && isNoneOr(description, isText) && isNoneOr(parameters, isRecord)
}

function isOutcome({ status, score, max, cause, by }: Fields): boolean {
  const isKnown = status === 'success' || status === 'failure' || status === 'unknown'
  return isKnown && isText(by) && isNoneOr(score, isNumber) && isNoneOr(max, isNumber) && cause === undefined
}

const ROLES: ReadonlySet<unknown> = new Set(Role.options)
const ORIGINS: ReadonlySet<unknown> = new Set(Origin.options)
const STOPS: ReadonlySet<unknown> = new Set(StopReason.options)
const KINDS: ReadonlySet<unknown> = new Set(['full', 'summary', 'hidden'])
const RELATIONS: ReadonlySet<unknown> = new Set(['subagent', 'compaction', 'edit'])

const isText = (value: unknown): value is string => typeof value === 'string'
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isNumber = (value: unknown): boolean => Number.isFinite(value)
const isAmount = (value: unknown): boolean => isNumber(value) && (value as number) >= 0
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isPositive = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object of no class, whatever fields it has. */
const isRecord = (value: unknown): boolean => isFields(value) && value['constructor'] === Object

const isPart = (value: unknown): boolean => isFields(value) && isText(value['type'])

const isNoneOr = (value: unknown, is: (value: unknown) => boolean): boolean => value === undefined || is(value)

const isListOf = (value: unknown, is: (value: unknown) => boolean): boolean => Array.isArray(value) && value.every(is)

import type { Call, Message, Origin } from '../../../../nouns/index.js'
import { isReminder } from '../../../../shared/agents/index.js'
import { geminiUsage } from '../../../../shared/wire/index.js'
import { draftsFrom, type Draft, type Part } from '../gemini-parts/index.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { ApiCancel, ApiResponse, type ChatRecord } from './record.js'

/** Fields that are the same on every line of a session; a line keeps its own where it differs. */
const COMMON = ['sessionId', 'cwd', 'version', 'gitBranch'] as const

export type Common = Readonly<Record<string, unknown>>

export const commonOf = (record: ChatRecord): Common =>
  Object.fromEntries(COMMON.flatMap((key) => (record[key] === undefined ? [] : [[key, record[key]]])))

/** What a line holds besides its message, less what the header says already. */
export function restOf(record: ChatRecord, common: Common): Record<string, unknown> {
  const rest = omit(record, 'uuid', 'timestamp', 'message', 'model', 'usageMetadata', 'parentUuid', 'type')
  return Object.fromEntries(Object.entries(rest).filter(([key, value]) => common[key] !== value))
}

/** The messages of one line, in the order in which the model was shown them. The first carries what else the line says. */
export function messagesFrom(
  record: ChatRecord,
  id: string,
  model: string,
  common: Common,
  oddities: Oddities,
): Message[] {
  const parts = record.message?.parts ?? []
  const role = record.type === 'assistant' ? ('model' as const) : ('user' as const)
  const groups = record.type === 'user' ? bySpeaker(parts) : [{ parts, reminder: false }]
  const drafts = groups.flatMap((group) =>
    draftsFrom(role, group.parts, oddities, (index) => `${id}-call${index}`, model).map((draft) => ({
      draft,
      origin: originOf(record, draft, group.reminder),
    })),
  )
  const own = Math.max(
    0,
    drafts.findIndex(({ origin }) => origin === 'human'),
  )
  const message = omit(record.message ?? {}, 'role', 'parts')
  const rest = { ...restOf(record, common), ...(Object.keys(message).length === 0 ? {} : { message }) }
  return drafts.map(({ draft: { gemini, ...draft }, origin }, at) => {
    const qwen = { ...(at === 0 ? rest : {}), ...gemini }
    return {
      id: at === own ? id : `${id}:${at}`,
      origin,
      ...(typeof record.timestamp === 'string' ? { time: record.timestamp } : {}),
      ...draft,
      ...(isFailed(record, draft) ? { isError: true } : {}),
      ...(record.type === 'assistant' ? { call: callOf(record, model) } : {}),
      ...(Object.keys(qwen).length === 0 ? {} : { extra: { qwen } }),
    }
  })
}

/** Milliseconds of the request that made a message, where the telemetry just before tells of one with its count of tokens. */
export function durationFrom(before: readonly ChatRecord[], { usageMetadata }: ChatRecord): number | undefined {
  for (const { subtype, systemPayload } of [...before].reverse()) {
    const told = subtype === 'ui_telemetry' ? ApiResponse.safeParse(systemPayload) : null
    if (told?.success !== true) continue
    const { total_token_count, duration_ms } = told.data.uiEvent
    return total_token_count === usageMetadata?.['totalTokenCount'] ? duration_ms : undefined
  }
  return undefined
}

/** Whether the telemetry just before an answer tells that its request was cancelled; a whole answer has its tokens counted. */
export const isCutAfter = (before: readonly ChatRecord[], { type, usageMetadata }: ChatRecord): boolean =>
  type === 'assistant' &&
  (usageMetadata === null || usageMetadata === undefined) &&
  before.some(({ systemPayload }) => ApiCancel.safeParse(systemPayload).success)

function originOf(record: ChatRecord, { role }: Pick<Draft, 'role'>, reminder: boolean): Origin {
  if (role === 'assistant') return 'model'
  if (role === 'tool' || record.type === 'tool_result') return 'tool'
  return !reminder && isPersons(record) ? 'human' : 'agent'
}

/** Who gave a sub-agent its task is the agent; a line that says where it came from is believed. */
function isPersons({ isSidechain, provenance, subtype }: ChatRecord): boolean {
  if (isSidechain === true) return false
  if (typeof provenance === 'string' && provenance !== 'real_user') return false
  return subtype === null || subtype === undefined || subtype === 'mid_turn_user_message'
}

/** A person's turn may carry the program's own reminders as parts before or after it: neighbours of one speaker stay together. */
function bySpeaker(parts: readonly Part[]): { parts: readonly Part[]; reminder: boolean }[] {
  const groups: { parts: Part[]; reminder: boolean }[] = []
  for (const part of parts) {
    const reminder = typeof part.text === 'string' && isReminder(part.text)
    const last = groups.at(-1)
    if (last?.reminder === reminder) last.parts.push(part)
    else groups.push({ parts: [part], reminder })
  }
  return groups.length === 0 ? [{ parts: [], reminder: false }] : groups
}

function isFailed({ toolCallResult }: ChatRecord, { role }: Pick<Draft, 'role'>): boolean {
  const status = toolCallResult?.['status']
  return role === 'tool' && (status === 'error' || status === 'cancelled')
}

function callOf({ usageMetadata }: ChatRecord, model: string): Call {
  const counts = usageMetadata ?? {}
  const usage = geminiUsage({
    input: counts['promptTokenCount'],
    output: counts['candidatesTokenCount'],
    cached: counts['cachedContentTokenCount'],
    thoughts: counts['thoughtsTokenCount'],
    tool: counts['toolUsePromptTokenCount'],
    total: counts['totalTokenCount'],
  })
  return {
    model,
    params: {},
    ...usage,
    ...(usageMetadata === null || usageMetadata === undefined ? {} : { extra: { qwen: { usageMetadata } } }),
  }
}

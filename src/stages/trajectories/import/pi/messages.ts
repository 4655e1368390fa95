import type { Call, Message, Usage } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { stopReason } from '../../../../shared/wire/index.js'
import { isCount } from '../values.js'
import { assistantContent, contentOf } from './content.js'
import type { Assistant, BashExecution, Entry, Said } from './entries.js'

/** A message, and why it is no turn of a thread where it is none. */
export interface Spoken {
  readonly message: Message
  readonly aside?: string
}

type Fields = Omit<Message, 'id' | 'time'> & Pick<Message, 'role' | 'origin' | 'content'>
interface Draft {
  readonly fields: Fields
  readonly rest: Readonly<Record<string, unknown>>
  readonly aside?: string
}

/** Entries that the model was shown, or that a model made. */
export type SpokenEntry = Exclude<Entry, { kind: 'note' | 'compaction' }>

/** @param version of the session's format */
export function spokenFrom(read: SpokenEntry, id: string, version: number, oddities: Oddities): Spoken {
  const { fields, rest, aside } = draftOf(read, id, version, oddities)
  const { entry } = read
  const { timestamp } = entry
  const around = read.kind === 'message' ? restOf(read.entry, id, 'type', 'message') : NOTHING
  const extra = isEmpty(around) ? rest : { ...rest, entry: around }
  const message: Message = {
    ...fields,
    id,
    time: typeof timestamp === 'string' ? timestamp : undefined,
    extra: isEmpty(extra) ? undefined : { pi: extra },
  }
  return { message, aside }
}

function draftOf(read: SpokenEntry, id: string, version: number, oddities: Oddities): Draft {
  if (read.kind === 'message') return saidFrom(read.entry.message, id, version, oddities)
  if (read.kind === 'custom-message') {
    const { content } = read.entry
    return {
      fields: { role: 'user', origin: 'agent', content: contentOf(content) },
      rest: restOf(read.entry, id, 'content'),
    }
  }
  return summaryDraft(branchSummaryText(read.entry.summary), restOf(read.entry, id, 'summary'))
}

function saidFrom(said: Said, id: string, version: number, oddities: Oddities): Draft {
  switch (said.role) {
    case 'user':
      return {
        fields: { role: 'user', origin: 'human', content: contentOf(said.content) },
        rest: omit(said, 'role', 'content'),
      }
    case 'assistant':
      return assistantFrom(said, id, version, oddities)
    case 'toolResult': {
      const { content, toolCallId, isError } = said
      const failed = isError ?? undefined
      const fields = {
        ...({ role: 'tool', origin: 'tool' } as const),
        content: contentOf(content),
        toolCallId,
        isError: failed,
      }
      return { fields, rest: omit(said, 'role', 'content', 'toolCallId', 'isError') }
    }
    case 'bashExecution':
      return bashFrom(said)
    case 'branchSummary':
      return summaryDraft(branchSummaryText(said.summary), omit(said, 'summary'))
    case 'compactionSummary':
      return summaryDraft(compactionSummaryText(said.summary), omit(said, 'summary'))
    case 'custom':
    case 'hookMessage':
      return {
        fields: { role: 'user', origin: 'agent', content: contentOf(said.content) },
        rest: omit(said, 'content'),
      }
  }
}

/**
 * What was stopped or failed is no turn where the agent never shows it to the model again: without content it never does; with content
 * it did at first, and drops it since 0.49.2, two weeks after version 3 of the format.
 */
function assistantFrom(said: Assistant, id: string, version: number, oddities: Oddities): Draft {
  const { fields, rest } = assistantContent(said, id, oddities)
  const draft = { fields: { role: 'assistant', origin: 'model', ...fields, call: callOf(said) } as const, rest }
  if (said.stopReason !== 'aborted' && said.stopReason !== 'error') return draft
  if (said.content.length === 0) return { ...draft, aside: `failed attempt, ${said.stopReason}` }
  if (version >= 3) return { ...draft, aside: `unfinished attempt, ${said.stopReason}` }
  oddities.count('unfinished-message')
  // The model never ended it, so to train it would teach a stop that was not there.
  return { ...draft, fields: { ...draft.fields, weight: 0 } }
}

function callOf(said: Assistant): Call {
  const usage = usageOf(said)
  const { stopReason: stop } = said
  return {
    model: said.model ?? 'unknown',
    params: {},
    usage,
    stop: typeof stop === 'string' ? stopReason(stop) : undefined,
    extra: {
      pi: typeof said.model === 'string' ? omit(said, 'role', 'content', 'model') : omit(said, 'role', 'content'),
    },
  }
}

/** pi counts fresh, cached and newly cached tokens apart; the model read them all. All zero where the provider told it nothing. */
function usageOf(said: Assistant): Usage | undefined {
  const { input, output, cacheRead, cacheWrite } = (said['usage'] ?? {}) as Record<string, unknown>
  const [fresh, made, cached, written] = [input, output, cacheRead ?? 0, cacheWrite ?? 0]
  if (!isCount(fresh) || !isCount(made) || !isCount(cached) || !isCount(written)) return undefined
  if (fresh + made + cached + written === 0) return undefined
  return { inputTokens: fresh + cached + written, outputTokens: made, cachedInputTokens: cached }
}

/** The person chose the command, the agent wrote the text that the model reads, as `bashExecutionToText` in its messages.ts does. */
function bashFrom(said: BashExecution): Draft {
  const fields = { role: 'user', origin: 'agent', content: bashText(said) } as const
  return {
    fields,
    rest: { ...said },
    ...(said.excludeFromContext === true ? { aside: 'command kept from the model' } : {}),
  }
}

function bashText({ command, output, exitCode, cancelled, truncated, fullOutputPath }: BashExecution): string {
  const shown = typeof output === 'string' && output !== '' ? `\`\`\`\n${output}\n\`\`\`` : '(no output)'
  const failed = typeof exitCode === 'number' && exitCode !== 0
  const end = cancelled === true ? '\n\n(command cancelled)' : failed ? `\n\nCommand exited with code ${exitCode}` : ''
  const cut = truncated === true && typeof fullOutputPath === 'string' && fullOutputPath !== ''
  return `Ran \`${command}\`\n${shown}${end}${cut ? `\n\n[Output truncated. Full output: ${fullOutputPath}]` : ''}`
}

/** The words around a summary are the agent's, from the same file. */
export const compactionSummaryText = (summary: string): string =>
  `The conversation history before this point was compacted into the following summary:\n\n<summary>\n${summary}\n</summary>`

const branchSummaryText = (summary: string): string =>
  `The following is a summary of a branch that this conversation came back from:\n\n<summary>\n${summary}</summary>`

const summaryDraft = (content: string, rest: Readonly<Record<string, unknown>>): Draft => ({
  fields: { role: 'user', origin: 'rebuilt', content },
  rest,
})

/** The fields of an entry that is a message itself. */
export function restOf(entry: object, id: string, ...placed: readonly string[]): Record<string, unknown> {
  const fields = entry as Readonly<Record<string, unknown>>
  return omit(fields, ...placed, 'timestamp', ...(fields['id'] === id ? ['id'] : []))
}

const NOTHING: Readonly<Record<string, unknown>> = {}

const isEmpty = (fields: object): boolean => Object.keys(fields).length === 0

/** What the model is shown of a message. */
export const shownOf = (message: Message): Message => {
  const { id, role, origin, time, content, reasoning, toolCalls, toolCallId, isError } = message
  return {
    ...{ id, role, origin, content },
    ...(time === undefined ? {} : { time }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(toolCalls === undefined ? {} : { toolCalls }),
    ...(toolCallId === undefined ? {} : { toolCallId }),
    ...(isError === undefined ? {} : { isError }),
  }
}

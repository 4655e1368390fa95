import type { Call, Message, Part as ContentPart, ToolCall } from '../../../../nouns/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { reasoningKind } from '../../../../shared/wire/index.js'
import { unfinished } from '../unfinished.js'
import { ReasoningPart, StepFinish, TextPart, ToolPart, type MessageInfo, type Part, type WithParts } from './record.js'
import { isoOf, restOf, timeOf } from './rest.js'
import { stopOf, usageFrom } from './usage.js'

/**
 * The messages of one assistant record: one for each model call, which earlier versions put together in one record, a step each;
 * after it the results of its tools.
 */
export function assistantMessages({ info, parts }: WithParts, oddities: Oddities): Message[] {
  const steps = stepsOf(parts)
  return steps.flatMap((step, at) => {
    const id = at === 0 ? info.id : `${info.id}:step${at}`
    const said = answerFrom(info, step, id, steps.length, at, oddities)
    const isCut = hasFailed(info) && at === steps.length - 1 && !step.some(({ type }) => type === 'step-finish')
    return [isCut ? unfinished(said, oddities) : said, ...step.flatMap((part) => resultFrom(part, info, id))]
  })
}

/** Whether it was broken off or failed; a call that had finished before stays as it was. */
export const hasFailed = ({ error }: MessageInfo): boolean => error !== undefined && error !== null

/** Whether a record holds anything that the model said. */
export const isEmpty = ({ parts }: WithParts): boolean => !parts.some(({ type }) => SAID.has(type))

const SAID = new Set(['text', 'reasoning', 'tool'])

function stepsOf(parts: readonly Part[]): Part[][] {
  const steps: Part[][] = [[]]
  for (const part of parts) {
    const current = steps.at(-1) as Part[]
    const full = current.some(({ type }) => type === 'step-start' || SAID.has(type))
    if (part.type === 'step-start' && full) steps.push([part])
    else current.push(part)
  }
  return steps
}

function answerFrom(
  info: MessageInfo,
  step: readonly Part[],
  id: string,
  steps: number,
  at: number,
  oddities: Oddities,
): Message {
  const texts = step.filter((part) => TextPart.safeParse(part).success)
  const thoughts = step.filter((part) => ReasoningPart.safeParse(part).success)
  const tools = step.filter(isTool)
  const finish = step.find((part): part is StepFinish => StepFinish.safeParse(part).success)
  const only = texts[0]
  const rest = step.filter((part) => !isTool(part)).map((part) => withoutText(part, info))
  const opencode = {
    ...(at === 0 ? { info: omit(info, 'id', 'role', 'sessionID', 'modelID', 'providerID') } : {}),
    parts: rest,
  }
  return {
    id,
    role: 'assistant',
    origin: 'model',
    ...timeOf(info),
    content:
      texts.length > 1
        ? texts.map((part): ContentPart => ({ type: 'text', text: part['text'] }))
        : ((only?.['text'] as string | undefined) ?? ''),
    ...reasoningFrom(thoughts, info),
    ...(tools.length === 0 ? {} : { toolCalls: tools.map((part) => callFrom(part, info, oddities)) }),
    call: callOf(info, finish, steps),
    extra: { opencode },
  }
}

const isTool = (part: Part): part is ToolPart => ToolPart.safeParse(part).success

/** A text that is said elsewhere in the message is not kept twice. */
function withoutText(part: Part, info: MessageInfo): Record<string, unknown> {
  const said = TextPart.safeParse(part).success || ReasoningPart.safeParse(part).success
  return said ? omit(restOf(part, info), 'text') : restOf(part, info)
}

function reasoningFrom(thoughts: readonly Part[], { providerID, modelID }: MessageInfo): Pick<Message, 'reasoning'> {
  if (thoughts.length === 0) return {}
  const text = thoughts
    .map((part) => part['text'] as string)
    .filter((one) => one !== '')
    .join('\n\n')
  const signature = thoughts.map(signatureOf).find((one) => one !== undefined)
  const signed = signature === undefined ? {} : { signature }
  if (text === '') return { reasoning: { kind: 'hidden', ...signed } }
  return {
    reasoning: {
      text,
      kind: reasoningKind({ model: modelID, provider: providerID, signed: signature !== undefined }),
      ...signed,
    },
  }
}

const SIGNATURES = ['signature', 'redactedData', 'reasoningEncryptedContent', 'thoughtSignature']

/** The provider's blob, which stands under the provider's name: `metadata.anthropic.signature` and the like. */
function signatureOf({ metadata }: Part): string | undefined {
  if (metadata === null || typeof metadata !== 'object') return undefined
  const fields = Object.values(metadata).flatMap((one: unknown) =>
    one !== null && typeof one === 'object' ? Object.entries(one) : [],
  )
  const found = fields.find(([key, value]) => SIGNATURES.includes(key) && typeof value === 'string')
  return found?.[1] as string | undefined
}

function callFrom(part: ToolPart, info: MessageInfo, oddities: Oddities): ToolCall {
  const { input, raw } = part.state
  const exact = typeof raw === 'string' && raw !== ''
  const state = omit(part.state, 'raw', 'output', 'error', 'attachments', ...(exact ? [] : (['input'] as const)))
  return {
    id: part.callID,
    name: part.tool,
    arguments: argumentsText(exact ? raw : input, oddities),
    extra: { opencode: { ...omit(restOf(part, info), 'callID', 'tool', 'type', 'state'), state } },
  }
}

/** A call that is pending or still running has no result. */
function resultFrom(part: Part, info: MessageInfo, message: string): Message[] {
  if (!isTool(part)) return []
  const { status, output, error, attachments } = part.state
  const text = status === 'error' ? (error ?? output) : output
  if (typeof text !== 'string') return []
  const other = status === 'error' ? (typeof error === 'string' ? output : null) : error
  const files = attachments ?? []
  const time = isoOf((part.state['time'] as { end?: unknown } | null | undefined)?.end)
  return [
    {
      id: `${message}:${part.id ?? part.callID}`,
      role: 'tool',
      origin: 'tool',
      ...(time === undefined ? {} : { time }),
      content: files.length === 0 ? text : [{ type: 'text', text }, ...files],
      toolCallId: part.callID,
      ...(status === 'error' ? { isError: true } : {}),
      extra: { opencode: { tool: part.tool, ...(typeof other === 'string' ? { other } : {}) } },
    },
  ]
}

/** The counts of a record stand for its one call; of several, each step has its own. */
function callOf(info: MessageInfo, finish: StepFinish | undefined, steps: number): Call {
  const { providerID, modelID } = info
  const model = [providerID, modelID].filter((one) => typeof one === 'string').join('/')
  const tokens = finish?.tokens ?? (steps === 1 ? info.tokens : undefined)
  const reason = finish?.reason ?? (steps === 1 ? info.finish : undefined)
  return {
    model: model === '' ? 'unknown' : model,
    params: {},
    ...usageFrom(tokens),
    ...stopOf(reason ?? (hasFailed(info) ? 'error' : undefined)),
    extra: {
      opencode: { modelID, providerID, ...(tokens === null || tokens === undefined ? {} : { tokens }), reason },
    },
  }
}

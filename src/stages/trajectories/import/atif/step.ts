import { Message } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { reasoningKind } from '../../../../shared/wire/index.js'
import { fieldsOf, type Fields } from '../values.js'
import { callFrom, toolCallFrom, type StepDefaults } from './call.js'
import { refsOf, type AtifRef, type AtifResult, type AtifStep } from './document.js'
import { changed, present, withoutLimi } from './limi.js'

export interface StepPlace extends StepDefaults {
  /** 0-based, in its document. */
  readonly index: number
  /** Of the messages' ids. */
  readonly prefix: string
  /** Whether a step that does not say so is history which an agent rebuilt. */
  readonly rebuilt: boolean
  /** Who speaks as the user. */
  readonly asked: 'human' | 'agent'
}

/** A sub-agent that a step names. */
export interface Delegation {
  readonly ref: AtifRef
  readonly toolCall?: string
}

/** One step is a message, then one for each result of its observation. */
export interface StepMessages {
  readonly messages: readonly Message[]
  readonly delegations: readonly Delegation[]
}

const ROLES = { system: 'system', user: 'user', agent: 'assistant' } as const

export function messagesFrom(step: AtifStep, place: StepPlace, oddities: Oddities): StepMessages {
  const { limi, extra } = withoutLimi(step.extra)
  const copied = typeof step['is_copied_context'] === 'boolean' ? step['is_copied_context'] : place.rebuilt
  const results = step.observation?.results ?? []
  const id = `${place.prefix}step-${place.index + 1}`
  const own = checked(stepMessage({ ...step, extra }, place, { id, copied }, oddities), limi, oddities)
  const answers = results.flatMap((result, at) => {
    if (!isMessage(result)) return []
    const message = resultMessage(result, step, `${id}.result-${at}`, copied)
    const told = withoutLimi(result['extra'] as Fields | undefined).limi
    return isNoMessage(told) ? [] : [checked(message, told, oddities)]
  })
  return {
    messages: isNoMessage(limi) ? answers : [own, ...answers],
    delegations: results.flatMap((result) =>
      refsOf(result).map((ref) => ({
        ref,
        ...(typeof result.source_call_id === 'string' ? { toolCall: result.source_call_id } : {}),
      })),
    ),
  }
}

function stepMessage(
  step: AtifStep,
  place: StepPlace,
  { id, copied }: { readonly id: string; readonly copied: boolean },
  oddities: Oddities,
): Message {
  const { source, timestamp, message, reasoning_content: reasoning, tool_calls: calls } = step
  const isModel = isModelCall(step)
  const origin = copied ? 'rebuilt' : isModel ? 'model' : source === 'user' ? place.asked : 'agent'
  const toolCalls = calls?.map((call, at) => toolCallFrom(call, `${id}-call-${at}`, oddities))
  const atif = leftover(step, place)
  return {
    id,
    role: ROLES[source],
    origin,
    content: message ?? '',
    ...(typeof timestamp === 'string' ? { time: timestamp } : {}),
    ...(typeof reasoning === 'string' ? { reasoning: { text: reasoning, kind: kindOf(step, place) } } : {}),
    ...(toolCalls === undefined ? {} : { toolCalls }),
    ...(isModel ? { call: callFrom(step, place) } : {}),
    ...(atif === undefined ? {} : { extra: { atif } }),
  }
}

const kindOf = ({ model_name: model }: AtifStep, place: StepPlace): 'full' | 'summary' =>
  reasoningKind({ model: typeof model === 'string' ? model : place.model })

/** Fields of a step that a message has no place for, and results that are no message. Pydantic writes null where nothing was given. */
function leftover(step: AtifStep, { index }: StepPlace): Fields | undefined {
  const { observation, ...fields } = step
  const model = isModelCall(step)
  const isTaken = (key: string, value: unknown): boolean => {
    if (key === 'step_id') return value === index + 1
    if (key === 'metrics') return model
    if (key === 'reasoning_effort') return model && (typeof value === 'string' || typeof value === 'number')
    if (key === 'model_name') return model && typeof value === 'string'
    return TAKEN[key]?.includes(typeof value) === true
  }
  const kept = Object.entries(fields).filter(([key, value]) => value !== null && !isTaken(key, value))
  const { results = [], ...more } = observation ?? {}
  const silent = results.flatMap((result, at) => (isMessage(result) ? [] : [{ ...result, at }]))
  return present({
    ...Object.fromEntries(kept),
    observation: present({ ...more, results: silent.length === 0 ? undefined : silent }),
  })
}

/** Fields with a place in a message, and the types that fit there. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  source: ['string'],
  message: ['string', 'object'],
  tool_calls: ['object'],
  timestamp: ['string'],
  reasoning_content: ['string'],
  is_copied_context: ['boolean'],
}

/** `llm_call_count` 0 is a step that the agent's program took by itself. */
const isModelCall = (step: AtifStep): boolean => step.source === 'agent' && step['llm_call_count'] !== 0

/** A result that names sub-agents alone says nothing to the model. */
const isMessage = ({ source_call_id: call, content }: AtifResult): boolean =>
  typeof call === 'string' || (content !== null && content !== undefined)

/** What an agent without tool calls gets to see comes as a user's turn. */
function resultMessage(result: AtifResult, step: AtifStep, id: string, copied: boolean): Message {
  const { source_call_id: call, content, ...rest } = result
  const hasCalls = (step.tool_calls ?? []).length > 0
  const { extra } = withoutLimi(rest['extra'] as Fields | undefined)
  const atif = present({
    ...nonNull({ ...rest, extra }),
    ...(content === null || content === undefined ? { content: null } : {}),
  })
  return {
    id,
    role: hasCalls || typeof call === 'string' ? 'tool' : 'user',
    origin: copied ? 'rebuilt' : 'tool',
    content: content ?? '',
    ...(typeof call === 'string' ? { toolCallId: call } : {}),
    ...(atif === undefined ? {} : { extra: { atif } }),
  }
}

const nonNull = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

/** The message as it was exported, unless a hand has spoilt it since. */
function checked(native: Message, limi: unknown, oddities: Oddities): Message {
  if (limi === undefined) return native
  const message = changed(native, limi)
  if (Message.safeParse(message).success) return message as Message
  oddities.count('unusable-limi')
  return { ...native, extra: { ...native.extra, limi } }
}

const isNoMessage = (limi: unknown): boolean => fieldsOf(limi)['message'] === false

import type { Message, Thread } from '../../../../nouns/index.js'
import {
  changesBetween,
  LIMI,
  messagesFrom,
  type AtifStep,
  type Changes,
  type StepDefaults,
  type StepPlace,
} from '../../import/atif/index.js'
import { omit } from '../../import/omit.js'
import { Oddities } from '../../import/oddities.js'
import { fieldsOf, type Fields } from '../../import/values.js'
import { asStep, resultOf, stepOf } from './message.js'
import type { Line } from './layout.js'

/** A step in the making. */
interface Draft {
  readonly step: Fields
  /** What its own fields stand for; none where they only hold a place. */
  readonly message?: Message
  readonly results: { readonly fields: Fields; readonly message: Message }[]
  readonly delegated: Delegated[]
  readonly limi?: Fields
}

/** A sub-agent that a step started, by a call where that is known. */
interface Delegated {
  readonly trajectoryId: string
  readonly call?: string
}

/** A sub-agent that a message started, and the name of its embedded document. */
export interface Delegate {
  readonly parent: NonNullable<Thread['parent']>
  readonly trajectoryId: string
}

export interface LinePlace extends StepDefaults, Pick<StepPlace, 'prefix' | 'asked'> {
  readonly delegates: readonly Delegate[]
  /** What stands under `limi` for a thread. */
  readonly threadLimi: (thread: Thread) => Fields
}

/** The steps of one document. */
export function stepsOf(line: Line, place: LinePlace): Fields[] {
  const drafts = line.flatMap((thread, at) => draftsOf(thread, at > 0, place))
  const all = drafts.length === 0 ? [PLACEHOLDER] : drafts
  return all.map((draft, index) => finished(draft, { ...place, index }))
}

const PLACEHOLDER: Draft = {
  step: { source: 'system', message: '' },
  results: [],
  delegated: [],
  limi: { message: false },
}

function draftsOf(thread: Thread, isCompaction: boolean, place: LinePlace): Draft[] {
  const drafts: Draft[] = isCompaction ? [boundary(thread, place)] : []
  let current: Draft | undefined
  for (const message of thread.messages) {
    if (current !== undefined && isFeedback(message)) {
      current.results.push({ message, fields: resultOf(message, callIds(current.step)) })
    } else {
      const step = stepOf(message)
      // After a boundary the import takes what comes before the model for rebuilt, unless it is said.
      const copied = isCompaction ? { is_copied_context: message.origin === 'rebuilt' } : {}
      current = { message, step: { ...step, ...copied }, results: [], delegated: [] }
      drafts.push(current)
    }
    delegate(current, message, thread, place.delegates)
  }
  return drafts
}

const isFeedback = ({ role, origin }: Message): boolean => role === 'tool' || (role === 'user' && origin === 'tool')

function boundary(thread: Thread, { threadLimi }: LinePlace): Draft {
  const given = fieldsOf(fieldsOf(thread.extra?.['atif'])['boundary'])
  const text =
    typeof given['message'] === 'string' ? given['message'] : 'The context was compacted: what follows replaces it.'
  const context_management = { type: 'compaction', boundary: 'replace' }
  return {
    step: { source: 'system', message: text, extra: { context_management } },
    results: [],
    delegated: [],
    limi: { thread: threadLimi(thread) },
  }
}

function delegate(draft: Draft, message: Message, thread: Thread, delegates: readonly Delegate[]): void {
  for (const { parent, trajectoryId } of delegates) {
    if (parent.thread !== thread.id || parent.message !== message.id) continue
    draft.delegated.push({ trajectoryId, ...(parent.toolCall === undefined ? {} : { call: parent.toolCall }) })
  }
}

const callIds = (step: Fields): ReadonlySet<string> =>
  new Set(listIn(step, 'tool_calls').map((call) => String(call['tool_call_id'])))

/** ATIF's own fields, and under `limi` what the import would not make of them. */
function finished(draft: Draft, place: LinePlace & { readonly index: number }): Fields {
  const results = resultsOf(draft)
  const observation = results.length === 0 ? {} : { observation: { results } }
  const step = asStep({ step_id: place.index + 1, ...draft.step, ...observation })
  const [own, ...answers] = messagesFrom(
    step as unknown as AtifStep,
    { ...place, rebuilt: false },
    new Oddities(),
  ).messages
  if (own === undefined) return withLimi(step, draft.limi)
  return withLimi(
    {
      ...step,
      ...callsOf(step, own, draft.message),
      ...(results.length === 0
        ? {}
        : { observation: { results: listIn(step['observation'], 'results').map(resultAt(draft, answers)) } }),
    },
    draft.message === undefined ? draft.limi : changesOf(own, draft.message),
  )
}

const resultAt =
  (draft: Draft, answers: readonly Message[]) =>
  (result: Fields, at: number): Fields => {
    const [native, message] = [answers[at], draft.results[at]?.message]
    return native === undefined || message === undefined ? result : withLimi(result, changesBetween(native, message))
  }

/** A reference joins the first result that answers its call; the others follow in results of their own. */
function resultsOf({ results, delegated }: Draft): Fields[] {
  const ids = results.map(({ fields }) => fields['source_call_id'])
  const homeOf = ({ call }: Delegated): number => (call === undefined ? -1 : ids.indexOf(call))
  const answers = results.map(({ fields }, at) => {
    const refs = delegated.filter((one) => homeOf(one) === at)
    if (refs.length > 0) return { ...fields, subagent_trajectory_ref: refs.map(refOf) }
    return delegated.length === 0 ? fields : omit(fields, 'subagent_trajectory_ref')
  })
  const others = delegated.filter((one) => homeOf(one) === -1)
  return [...answers, ...others.map((one) => ({ subagent_trajectory_ref: [refOf(one)] }))]
}

const refOf = ({ trajectoryId }: Delegated): Fields => ({ trajectory_id: trajectoryId })

/** Calls carry their own changes, so that a message's need not repeat them. */
function changesOf(native: Message, message: Message): Changes | null {
  return changesBetween(isPaired(native, message) ? { ...native, toolCalls: message.toolCalls } : native, message)
}

function callsOf(step: Fields, native: Message, message: Message | undefined): Fields {
  if (step['tool_calls'] === undefined || message === undefined || !isPaired(native, message)) return {}
  const pairs = listIn(step, 'tool_calls').map((call, at) => {
    const [before, after] = [native.toolCalls?.[at], message.toolCalls?.[at]]
    return before === undefined || after === undefined ? call : withLimi(call, changesBetween(before, after))
  })
  return { tool_calls: pairs }
}

const isPaired = (a: Message, b: Message): boolean => a.toolCalls?.length === b.toolCalls?.length

const listIn = (holder: unknown, key: string): readonly Fields[] => {
  const list = fieldsOf(holder)[key]
  return Array.isArray(list) ? (list as unknown[]).map(fieldsOf) : []
}

export function withLimi(fields: Fields, limi: object | null | undefined): Fields {
  if (limi === null || limi === undefined) return fields
  return { ...fields, extra: { ...fieldsOf(fields['extra']), [LIMI]: limi } }
}

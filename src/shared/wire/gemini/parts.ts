import type { Part as ContentPart, ToolCall } from '../../../nouns/index.js'
import { fieldsOf, isFields, omit } from '../../json/index.js'
import type { WireMessage } from '../dialect.js'
import { EXACT, KIND } from '../marks.js'
import { reasoningKind } from '../reasoning-kind.js'

/** One part of a content (npm `@google/genai`, `Part`): text, a thought, a call, a result, or data of another kind. */
export interface Part {
  readonly [field: string]: unknown
  readonly text?: string | null
  readonly thought?: boolean | string | null
  readonly thoughtSignature?: string | null
  readonly functionCall?: FunctionCall | null
  readonly functionResponse?: FunctionResponse | null
}

export interface FunctionCall {
  readonly [field: string]: unknown
  readonly id?: string | null
  readonly name: string
  readonly args?: unknown
}

export interface FunctionResponse {
  readonly [field: string]: unknown
  readonly id?: string | null
  readonly name?: string | null
  readonly response?: unknown
}

/** How a reader of parts takes what stands in them. */
export interface PartReader {
  /** The text of a call's arguments. @param at the part's index in its content */
  argumentsOf(call: FunctionCall, at: number): string
  /** Makes the id of a call that has none. @param index among the content's calls */
  callId(call: FunctionCall, index: number): string
  /** JSON as its source had it. */
  textOf(value: unknown): string
}

/** A message before it has a place. `gemini` holds what has none in a message. */
export type Draft = Omit<WireMessage, 'extra'> & { readonly gemini: Readonly<Record<string, unknown>> }

/**
 * The messages of one content: of the model one, with its thoughts and calls; of others one for each result, then what else was said.
 * @param model whose thoughts may be summaries
 */
export function draftsFrom(role: 'model' | 'user', parts: readonly Part[], model: string, reader: PartReader): Draft[] {
  if (role === 'model') return [modelDraft(parts, model, reader)]
  const results = parts.flatMap((part) => (isResult(part) ? [resultDraft(part, reader)] : []))
  const said = parts.filter((part) => !isResult(part))
  if (said.length === 0 && results.length > 0) return results
  return [...results, { role: 'user', content: contentFrom(said), gemini: {} }]
}

function modelDraft(parts: readonly Part[], model: string, reader: PartReader): Draft {
  const thoughts = parts.filter(isThought)
  const calls = parts.flatMap((part, at) => (isCall(part) ? [{ part, at }] : []))
  const toolCalls = calls.map(({ part, at }, index) => callFrom(part, { at, index }, reader))
  const said = parts.filter((part) => !isThought(part) && !isCall(part) && !isSignature(part))
  const signatures = thoughts.flatMap(({ thoughtSignature }) => thoughtSignature ?? [])
  const known = ['text', 'thought', KIND, ...(signatures.length === 1 ? ['thoughtSignature'] : [])]
  const rest = thoughts.map((part) => omit(part, ...known))
  return {
    role: 'assistant',
    content: contentFrom(said),
    ...reasoningFrom(thoughts, signatures, model),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    gemini: {
      ...(rest.some((one) => Object.keys(one).length > 0) ? { thoughts: rest } : {}),
      ...(parts.some(isSignature)
        ? { signatures: parts.filter(isSignature).map((part) => part.thoughtSignature) }
        : {}),
    },
  }
}

function reasoningFrom(
  thoughts: readonly Part[],
  signatures: readonly string[],
  model: string,
): Pick<Draft, 'reasoning'> {
  if (thoughts.length === 0) return {}
  const text = thoughts.flatMap((part) => textsOf(part)).join('\n\n')
  const signature = signatures.length === 1 ? { signature: signatures[0] } : {}
  if (text === '') return { reasoning: { kind: 'hidden', ...signature } }
  const named = thoughts.map((part) => part[KIND]).find((kind) => kind === 'full' || kind === 'summary')
  return { reasoning: { text, kind: named ?? reasoningKind({ model }), ...signature } }
}

/** An older form holds the thought's text in `thought` itself. */
const textsOf = ({ text, thought }: Part): string[] =>
  [typeof thought === 'string' ? thought : '', text ?? ''].filter((one) => one !== '')

function callFrom(
  part: Part & { functionCall: FunctionCall },
  { at, index }: { at: number; index: number },
  reader: PartReader,
): ToolCall {
  const { id, name } = part.functionCall
  const beside = { ...omit(part.functionCall, 'id', 'name', 'args'), ...omit(part, 'functionCall', EXACT) }
  const exact = part[EXACT]
  return {
    id: typeof id === 'string' ? id : reader.callId(part.functionCall, index),
    name,
    arguments: typeof exact === 'string' ? exact : reader.argumentsOf(part.functionCall, at),
    ...(Object.keys(beside).length === 0 ? {} : { extra: { gemini: beside } }),
  }
}

function resultDraft(part: Part & { functionResponse: FunctionResponse }, reader: PartReader): Draft {
  const draft = resultFrom(part.functionResponse, reader)
  return { ...draft, gemini: { ...draft.gemini, ...omit(part, 'functionResponse') } }
}

/** A tool's result: its `output` or `error` where that is text, otherwise the whole response as JSON; and what parts stand beside it. */
export function resultFrom(
  { id, response, parts, ...more }: FunctionResponse,
  reader: Pick<PartReader, 'textOf'>,
): Draft {
  const fields = fieldsOf(response)
  const key = ['output', 'error'].find((name) => typeof fields[name] === 'string')
  const rest = key === undefined ? {} : omit(fields, key)
  const text = key === undefined ? textFrom(response, reader) : (fields[key] as string)
  const shown = Array.isArray(parts) && parts.length > 0 && parts.every(isFields) ? parts : null
  const beside = shown === null && parts !== undefined ? { parts } : {}
  return {
    role: 'tool',
    content: shown === null ? text : [...(text === '' ? [] : [{ type: 'text', text }]), ...shown.map(typed)],
    ...(typeof id === 'string' ? { toolCallId: id } : {}),
    ...(typeof fields['error'] === 'string' ? { isError: true } : {}),
    gemini: { ...more, ...beside, ...(Object.keys(rest).length === 0 ? {} : { response: rest }) },
  }
}

const textFrom = (value: unknown, reader: Pick<PartReader, 'textOf'>): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : reader.textOf(value)

/** Text where there is nothing else; otherwise parts, each with a `type`, named after its own field where it has none. */
function contentFrom(parts: readonly Part[]): WireMessage['content'] {
  const [only] = parts
  if (only === undefined) return ''
  if (parts.length === 1 && typeof only.text === 'string' && Object.keys(only).length === 1) return only.text
  return parts.map(typed)
}

const typed = (part: Part): ContentPart => ({ type: typeOf(part), ...part })

function typeOf(part: Part): string {
  if (typeof part.text === 'string') return 'text'
  return Object.keys(part)[0] ?? 'empty'
}

/** A signature of what was said before it, without a text of its own. */
const isSignature = (part: Part): boolean =>
  part.text === '' && typeof part.thoughtSignature === 'string' && Object.keys(part).length === 2
const isThought = (part: Part): boolean =>
  !isCall(part) && (part.thought === true || (typeof part.thought === 'string' && part.thought !== ''))
const isCall = (part: Part): part is Part & { functionCall: FunctionCall } =>
  part.functionCall !== null && part.functionCall !== undefined
const isResult = (part: Part): part is Part & { functionResponse: FunctionResponse } =>
  part.functionResponse !== null && part.functionResponse !== undefined

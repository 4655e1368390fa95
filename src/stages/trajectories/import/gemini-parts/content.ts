import type { Message, Part as ContentPart, ToolCall } from '../../../../nouns/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { reasoningKind } from '../../../../shared/wire/index.js'
import { sourceTextOf } from '../../text/index.js'
import { fieldsOf } from '../values.js'
import type { FunctionResponse, Part } from './schema.js'

/** A message before it has an id and, for a person's turn, an origin. `extra.gemini` holds what has no place. */
export type Draft = Pick<Message, 'role' | 'content' | 'reasoning' | 'toolCalls' | 'toolCallId' | 'isError'> & {
  readonly gemini: Readonly<Record<string, unknown>>
}

/**
 * The messages of one content: of the model one, with its thoughts and calls; of others one for each result, then what else was said.
 * @param callId makes the id of a call that has none, from its place among the calls
 * @param model whose thoughts may be summaries
 */
export function draftsFrom(
  role: 'model' | 'user',
  parts: readonly Part[],
  oddities: Oddities,
  callId: (index: number) => string,
  model: string,
): Draft[] {
  if (role === 'model') return [modelDraft(parts, oddities, callId, model)]
  const results = parts.flatMap((part) => (isResult(part) ? [resultDraft(part)] : []))
  const said = parts.filter((part) => !isResult(part))
  if (said.length === 0 && results.length > 0) return results
  return [...results, { role: 'user', content: contentFrom(said), gemini: {} }]
}

function modelDraft(
  parts: readonly Part[],
  oddities: Oddities,
  callId: (index: number) => string,
  model: string,
): Draft {
  const thoughts = parts.filter(isThought)
  const calls = parts.filter(isCall)
  const toolCalls = calls.map((part, index) => callFrom(part, callId(index), oddities))
  const said = parts.filter((part) => !isThought(part) && !isCall(part))
  const signatures = thoughts.flatMap(({ thoughtSignature }) => thoughtSignature ?? [])
  const rest = thoughts.map((part) => omit(part, 'text', 'thought', ...(signatures.length === 1 ? SIGNATURE : [])))
  return {
    role: 'assistant',
    content: contentFrom(said),
    ...reasoningFrom(thoughts, signatures, model),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    gemini: rest.some((one) => Object.keys(one).length > 0) ? { thoughts: rest } : {},
  }
}

const SIGNATURE = ['thoughtSignature'] as const

function reasoningFrom(
  thoughts: readonly Part[],
  signatures: readonly string[],
  model: string,
): Pick<Draft, 'reasoning'> {
  if (thoughts.length === 0) return {}
  const text = thoughts.flatMap((part) => textsOf(part)).join('\n\n')
  const signature = signatures.length === 1 ? { signature: signatures[0] } : {}
  return {
    reasoning: text === '' ? { kind: 'hidden', ...signature } : { text, kind: reasoningKind({ model }), ...signature },
  }
}

/** An older form holds the thought's text in `thought` itself. */
const textsOf = ({ text, thought }: Part): string[] =>
  [typeof thought === 'string' ? thought : '', text ?? ''].filter((one) => one !== '')

function callFrom(part: Part & { functionCall: object }, fallback: string, oddities: Oddities): ToolCall {
  const { id, name, args, ...more } = part.functionCall
  if (typeof id !== 'string') oddities.count('missing-call-id')
  const beside = { ...more, ...omit(part, 'functionCall') }
  return {
    id: typeof id === 'string' ? id : fallback,
    name,
    arguments: argumentsText(args, oddities),
    ...(Object.keys(beside).length === 0 ? {} : { extra: { gemini: beside } }),
  }
}

function resultDraft(part: Part & { functionResponse: FunctionResponse }): Draft {
  const draft = resultFrom(part.functionResponse)
  return { ...draft, gemini: { ...draft.gemini, ...omit(part, 'functionResponse') } }
}

/** A tool's result: its `output` or `error` where that is text, otherwise the whole response as JSON. */
export function resultFrom({ id, response, ...more }: FunctionResponse): Draft {
  const fields = fieldsOf(response)
  const key = ['output', 'error'].find((name) => typeof fields[name] === 'string')
  const rest = key === undefined ? {} : Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key))
  return {
    role: 'tool',
    content: key === undefined ? jsonOf(response) : (fields[key] as string),
    ...(typeof id === 'string' ? { toolCallId: id } : {}),
    ...(typeof fields['error'] === 'string' ? { isError: true } : {}),
    gemini: { ...more, ...(Object.keys(rest).length === 0 ? {} : { response: rest }) },
  }
}

const jsonOf = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : (sourceTextOf(value) ?? JSON.stringify(value))
}

/** Text where there is nothing else; otherwise parts, each with a `type`, named after its own field where it has none. */
function contentFrom(parts: readonly Part[]): Message['content'] {
  const [only] = parts
  if (only === undefined) return ''
  if (parts.length === 1 && typeof only.text === 'string' && Object.keys(only).length === 1) return only.text
  return parts.map((part): ContentPart => ({ type: typeOf(part), ...part }))
}

function typeOf(part: Part): string {
  if (typeof part.text === 'string') return 'text'
  return Object.keys(part)[0] ?? 'empty'
}

const isThought = (part: Part): boolean =>
  !isCall(part) && (part.thought === true || (typeof part.thought === 'string' && part.thought !== ''))
const isCall = (part: Part): part is Part & { functionCall: NonNullable<Part['functionCall']> } =>
  part.functionCall !== null && part.functionCall !== undefined
const isResult = (part: Part): part is Part & { functionResponse: FunctionResponse } =>
  part.functionResponse !== null && part.functionResponse !== undefined

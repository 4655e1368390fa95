import type { Call, Message, Origin, ToolCall } from '../../../../nouns/index.js'
import { habitsNamed } from '../../../../shared/agents/index.js'
import { canonicalJson } from '../../../../shared/project/index.js'
import { geminiUsage } from '../../../../shared/wire/index.js'
import { argumentsText } from '../arguments.js'
import { draftsFrom, partsOf, resultFrom, type Draft, type FunctionResponse, type Part } from '../gemini-parts/index.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import type { MessageRecord, ToolCallRecord } from './record.js'

/** What the record after it says of a message's calls: their results, by the call's id. */
export type Answers = ReadonlyMap<string, FunctionResponse>

export function answersIn(record: MessageRecord | null): Answers {
  const parts = record?.type === 'user' ? partsOf(record.content) : []
  return new Map(
    parts.flatMap(({ functionResponse }) =>
      typeof functionResponse?.id === 'string' ? [[functionResponse.id, functionResponse] as const] : [],
    ),
  )
}

/** The messages of one record; of the model's, with the results of its calls that the next record does not hold. */
export function messagesFrom(
  record: MessageRecord,
  answers: Answers,
  subAgent: boolean,
  oddities: Oddities,
): Message[] {
  const drafts = record.type === 'user' ? saidTo(record, oddities) : saidBy(record, answers, oddities)
  return drafts.map(({ gemini, ...draft }, at): Message => {
    return {
      id: at === 0 ? record.id : `${record.id}:${at}`,
      origin: originOf(record, draft, subAgent),
      ...(typeof record.timestamp === 'string' ? { time: record.timestamp } : {}),
      ...draft,
      ...(Object.keys(gemini).length === 0 ? {} : { extra: { gemini } }),
    }
  })
}

const { speakerOf } = habitsNamed('gemini')

/** Whether it is the program that speaks in a person's place. */
export function isPrograms(content: Message['content']): boolean {
  const text = typeof content === 'string' ? content : content[0]?.['text']
  return typeof text === 'string' && speakerOf(text) === 'agent'
}

function originOf(
  { type }: MessageRecord,
  { role, content }: Pick<Draft, 'role' | 'content'>,
  subAgent: boolean,
): Origin {
  if (role === 'tool') return 'tool'
  if (type !== 'user') return 'model'
  return subAgent || isPrograms(content) ? 'agent' : 'human'
}

function saidTo(record: MessageRecord, oddities: Oddities): Draft[] {
  const drafts = draftsFrom('user', partsOf(record.content), oddities, (index) => `${record.id}-call${index}`, 'gemini')
  const rest = omit(record, 'id', 'timestamp', 'type', 'content')
  return drafts.map((draft, at) => (at === 0 ? { ...draft, gemini: { ...rest, ...draft.gemini } } : draft))
}

function saidBy(record: MessageRecord, answers: Answers, oddities: Oddities): (Draft & { call?: Call })[] {
  const { id, toolCalls, thoughts, tokens, model } = record
  const parts = partsOf(record.content)
  const recorded = new Map((toolCalls ?? []).map((call) => [call.id, call]))
  const inContent = new Map(parts.flatMap((part) => (isRepeated(part, recorded) ? [[part.functionCall.id, part]] : [])))
  const own = parts.filter((part) => !isRepeated(part, recorded))
  const [said] = draftsFrom('model', own, oddities, (index) => `${id}-call${index}`, model ?? 'gemini') as [Draft]
  const calls = (toolCalls ?? []).map((call) => callFrom(call, inContent.get(call.id), answers, oddities))
  const all = [...(said.toolCalls ?? []), ...calls]
  const rest = omit(record, 'id', 'timestamp', 'content', 'toolCalls', 'thoughts', 'tokens', 'model', 'type')
  const answer = {
    ...said,
    ...reasoningOf(said, thoughts),
    ...(all.length === 0 ? {} : { toolCalls: all }),
    call: callOf(model ?? 'unknown', tokens),
    gemini: { ...rest, ...said.gemini, ...thoughtsRest(thoughts), ...unsaid(said, thoughts) },
  }
  return [answer, ...(toolCalls ?? []).flatMap((call) => resultOf(call, answers))]
}

/** A later version of a record repeats its calls among its parts. */
function isRepeated(
  part: Part,
  recorded: ReadonlyMap<string, ToolCallRecord>,
): part is Part & { functionCall: { id: string } } {
  const call = part.functionCall
  if (call === null || call === undefined || typeof call.id !== 'string') return false
  const known = recorded.get(call.id)
  return known?.name === call.name && canonicalJson(known.args) === canonicalJson(call.args)
}

function callFrom(call: ToolCallRecord, part: Part | undefined, answers: Answers, oddities: Oddities): ToolCall {
  const { id, name, args, result, ...more } = call
  const beside =
    part === undefined
      ? {}
      : {
          ...omit(part, 'functionCall'),
          ...omit((part.functionCall ?? {}) as Record<string, unknown>, 'id', 'name', 'args'),
        }
  const gemini = { ...more, ...(isKept(call, answers) ? {} : { result }), ...beside }
  return {
    id,
    name,
    arguments: argumentsText(args, oddities),
    ...(Object.keys(gemini).length === 0 ? {} : { extra: { gemini } }),
  }
}

/** Whether a call's own copy of its result is in a message: the one made of it, or an equal one in the next record. */
function isKept(call: ToolCallRecord, answers: Answers): boolean {
  if (call.result === null || call.result === undefined) return true
  const parts = partsOf(call.result)
  const response = parts[0]?.functionResponse
  const bare =
    parts.length === 1 && response !== null && response !== undefined && Object.keys(parts[0] ?? {}).length === 1
  const answer = answers.get(call.id)
  if (answer === undefined) return bare || typeof call.result === 'string'
  return bare && canonicalJson(answer) === canonicalJson(response)
}

function resultOf(call: ToolCallRecord, answers: Answers): Draft[] {
  const { id, result, status } = call
  if (answers.has(id) || result === null || result === undefined) return []
  const responses = partsOf(result).flatMap(({ functionResponse }): FunctionResponse[] =>
    functionResponse === null || functionResponse === undefined ? [] : [functionResponse],
  )
  const response = responses.find((one) => one.id === id) ?? responses[0]
  const failed = status === 'error' || status === 'cancelled' ? { isError: true } : {}
  if (response !== undefined) return [{ ...resultFrom(response), ...failed, toolCallId: id }]
  const text = partsOf(result)
    .flatMap((part) => part.text ?? [])
    .join('\n')
  return [{ role: 'tool', content: text, toolCallId: id, ...failed, gemini: {} }]
}

type Thoughts = MessageRecord['thoughts']

/** Thoughts as the provider summed them up, each with its subject. */
function reasoningOf({ reasoning }: Draft, thoughts: Thoughts): Pick<Draft, 'reasoning'> {
  if ((thoughts ?? []).length === 0) return reasoning === undefined ? {} : { reasoning }
  const texts = (thoughts ?? []).map(({ subject, description }) =>
    [subject ? `**${subject}**` : '', description ?? ''].filter((text) => text !== '').join('\n'),
  )
  const signature = reasoning?.signature === undefined ? {} : { signature: reasoning.signature }
  return { reasoning: { text: texts.join('\n\n'), kind: 'summary', ...signature } }
}

function thoughtsRest(thoughts: Thoughts): Record<string, unknown> {
  const rest = (thoughts ?? []).map((thought) => omit(thought, 'subject', 'description'))
  return rest.some((one) => Object.keys(one).length > 0) ? { thoughts: rest } : {}
}

/** Where both the thoughts and a copy of them among the parts are recorded, the copy's text is kept beside. */
const unsaid = ({ reasoning }: Draft, thoughts: Thoughts): Record<string, unknown> =>
  (thoughts ?? []).length > 0 && reasoning?.text !== undefined ? { thoughtText: reasoning.text } : {}

function callOf(model: string, tokens: MessageRecord['tokens']): Call {
  if (tokens === null || tokens === undefined) return { model, params: {} }
  return { model, params: {}, ...geminiUsage(tokens), extra: { gemini: { tokens } } }
}

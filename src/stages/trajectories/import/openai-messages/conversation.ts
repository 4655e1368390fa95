import { done, failed, type Failure, type Message, type Result } from '../../../../nouns/index.js'
import { digestOfValue } from '../../../../shared/project/index.js'
import { inexactNumbersIn } from '../../text/index.js'
import { invalid, parseBytes, validate } from '../document.js'
import type { ReadTrajectory } from '../importer.js'
import { Oddities } from '../oddities.js'
import { isFields } from '../values.js'
import { messageFrom } from './message.js'
import { RawCompletion, RawRecord, type RawMessage } from './record.js'
import { toolsOf } from './tools.js'

/** Where a record stands in its source. */
export interface RecordPlace {
  /** 0-based. */
  readonly index: number
  /** For failures. */
  readonly where: string
}

/** One record, `{messages, tools?}` or what comes to the same, as a trajectory. @param oddities those of reading it so far */
export function trajectoryFromChat(
  value: unknown,
  { index, where }: RecordPlace,
  oddities = new Oddities(),
): Result<ReadTrajectory> {
  const unified = unify(value, where, oddities)
  if (!unified.ok) return unified
  const record = validate(unified.value.record, RawRecord, where)
  if (!record.ok) return record
  const { messages: raw, tools: rawTools, model, ...rest } = record.value
  const tools = toolsOf(rawTools, where, oddities)
  if (!tools.ok) return tools
  oddities.count('inexact-number', inexactNumbersIn(value) - inexactInArguments(raw))
  const { promptMessages } = unified.value
  const name = model ?? 'unknown'
  const messages = raw.map((message, at) => {
    const made = messageFrom(message, at, oddities, name)
    // TRL trains the completion alone (huggingface/trl, `completion_only_loss`).
    return at < (promptMessages ?? 0) && made.role === 'assistant' ? asPrompt(made) : made
  })
  const digest = tools.value.length === 0 ? undefined : digestOfValue(tools.value)
  const extra = {
    ...(Object.keys(rest).length === 0 ? {} : { openai: rest }),
    ...(promptMessages === undefined ? {} : { trl: { promptMessages } }),
  }
  return done({
    index,
    oddities,
    draft: {
      source: { agent: 'unknown', model: name },
      tags: {},
      threads: [{ id: 'main', messages: messages.map((message) => withCall(message, name, digest)) }],
      asides: [],
      tools: digest === undefined ? {} : { [digest]: tools.value },
      rounds: [],
      outcome: { status: 'unknown', by: 'source' },
      ...(Object.keys(extra).length === 0 ? {} : { extra }),
    },
  })
}

interface Unified {
  readonly record: unknown
  /** How many of the messages a prompt held. */
  readonly promptMessages?: number
}

/** Puts the other forms into `{messages}`. */
function unify(value: unknown, where: string, oddities: Oddities): Result<Unified> {
  if (!isFields(value)) return done({ record: value })
  if ('chosen' in value && 'rejected' in value) return failed(preference(where))
  if (typeof value['messages'] === 'string') {
    oddities.count('messages-as-text')
    const messages = parseBytes(Buffer.from(value['messages']), `${where}, messages`)
    return messages.ok ? done({ record: { ...value, messages: messages.value } }) : messages
  }
  if (value['messages'] !== undefined || !('prompt' in value) || !('completion' in value))
    return done({ record: value })
  const read = validate(value, RawCompletion, where)
  if (!read.ok) return read
  const { prompt, completion, ...rest } = read.value
  return done({ record: { ...rest, messages: [...prompt, ...completion] }, promptMessages: prompt.length })
}

/** The arguments of calls keep their source text, so that in them nothing is lost. */
export function inexactInArguments(messages: readonly RawMessage[]): number {
  return messages
    .flatMap(({ tool_calls, function_call }) => [...(tool_calls ?? []).map((call) => call.function), function_call])
    .reduce((sum, fn) => sum + inexactNumbersIn(fn?.arguments), 0)
}

/** A weight that the file gave it stands in `extra`. */
function asPrompt({ weight, ...message }: Message): Message {
  if (weight === undefined || weight === 0) return { ...message, weight: 0 }
  return { ...message, weight: 0, extra: { ...message.extra, trl: { weight } } }
}

const withCall = (message: Message, model: string, tools: string | undefined): Message =>
  message.role === 'assistant' && tools !== undefined ? { ...message, call: { model, params: {}, tools } } : message

const preference = (where: string): Failure =>
  invalid(
    where,
    'a preference of two answers (`chosen` and `rejected`), which is no trajectory',
    'give the answer that was chosen as `messages`, or leave the record out',
  )

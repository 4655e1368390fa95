import { done, type Message, type Outcome, type Result } from '../../../../nouns/index.js'
import { digestOfValue } from '../../../../shared/project/index.js'
import { inexactNumbersIn } from '../../text/index.js'
import { invalid, validate } from '../document.js'
import {
  itemsOf,
  type ImportItem,
  type ImportSource,
  type ReadTrajectory,
  type SourceHead,
  type TrajectoryImporter,
} from '../importer.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { elementsOf, recordsOf } from '../records.js'
import { messagesFromTurns } from './conversations.js'
import { messagesFromParts } from './parts.js'
import { PartsRecord, TurnsRecord } from './record.js'
import { toolsIn } from './tools.js'

/**
 * ShareGPT as LLaMA-Factory reads it, `conversations` of `from` and `value`, and its v1 samples, `messages` whose content is parts of
 * `type` and `value` with a `loss_weight` (hiyouga/LLaMA-Factory: data/README.md, src/llamafactory/data/converter.py,
 * src/llamafactory/v1/utils/types.py). As JSONL, as a JSON list of any length, or one record alone.
 */
export const sharegpt: TrajectoryImporter = {
  format: 'sharegpt',
  extensions: ['.json', '.jsonl'],
  companions: [],
  detect,
  read,
}

function detect({ text }: SourceHead): number {
  if (!/^\s*[[{]/.test(text)) return 0
  const { TURNS, PARTS, ROLES } = SIGNS
  if (text.includes('"conversations"')) {
    if (TURNS.test(text)) return 0.9
    if (ROLES.test(text)) return 0.65
  }
  return /"(chosen_|rejected_)?messages"/.test(text) && PARTS.test(text) ? 0.85 : 0
}

const SIGNS = {
  TURNS: /"from"\s*:\s*"|"from"\s*,\s*"value"/,
  ROLES: /"conversations"\s*:\s*\[\s*\{\s*"(role|content)"\s*:/,
  PARTS: /"type"\s*:\s*"(text|reasoning|tool_call|image_url|video_url|audio_url)"\s*,\s*"value"\s*:/,
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const records = source.head.text.trimStart().startsWith('[') ? elementsOf(source) : recordsOf(source)
  for await (const { value, where, index } of records) {
    yield* itemsOf(value.ok ? recordFrom(value.value, index, where) : value)
  }
}

function recordFrom(value: unknown, index: number, where: string): Result<ReadTrajectory> {
  const oddities = new Oddities()
  oddities.count('inexact-number', inexactNumbersIn(value))
  const read = isTurns(value) ? fromTurns(value, where, oddities) : fromParts(value, where, oddities)
  if (!read.ok) return read
  const { messages, tools: given, rest, outcome = UNKNOWN } = read.value
  const { tools, rest: unread } = toolsIn(given, where, oddities)
  const digest = tools.length === 0 ? undefined : digestOfValue(tools)
  const extra = { ...rest, ...unread }
  return done({
    index,
    oddities,
    draft: {
      source: { agent: 'unknown', model: 'unknown' },
      threads: [{ id: 'main', messages: messages.map((message) => withTools(message, digest)) }],
      asides: [],
      tools: digest === undefined ? {} : { [digest]: tools },
      rounds: [],
      outcome,
      tags: {},
      ...(Object.keys(extra).length === 0 ? {} : { extra: { sharegpt: extra } }),
    },
  })
}

interface Read {
  readonly messages: readonly Message[]
  readonly tools: unknown
  /** Fields that have no place. */
  readonly rest: Readonly<Record<string, unknown>>
  readonly outcome?: Outcome
}

const UNKNOWN: Outcome = { status: 'unknown', by: 'source' }

const isTurns = (value: unknown): boolean => value !== null && typeof value === 'object' && 'conversations' in value

function fromTurns(value: unknown, where: string, oddities: Oddities): Result<Read> {
  const record = validate(value, TurnsRecord, where)
  if (!record.ok) return record
  const { conversations, system, tools, chosen, ...rest } = record.value
  // A system turn overrules the column, as in LLaMA-Factory.
  const first = conversations[0]
  const fromColumn = typeof system === 'string' && system !== '' && (first?.from ?? first?.['role']) !== 'system'
  if (chosen !== undefined) oddities.count('preference-pair')
  const turns = [
    ...(fromColumn ? [{ from: 'system', value: system }] : []),
    ...conversations,
    ...(chosen === undefined ? [] : [chosen]),
  ]
  if (turns.length === 0) return { ok: false, failure: invalid(where, 'conversations: the list is empty') }
  return done({
    messages: messagesFromTurns(turns, oddities),
    tools,
    rest: { ...rest, ...(fromColumn || system === undefined ? {} : { system }) },
    outcome: outcomeOf(rest['kto_tag'] ?? rest['label']),
  })
}

function fromParts(value: unknown, where: string, oddities: Oddities): Result<Read> {
  const record = validate(value, PartsRecord, where)
  if (!record.ok) return record
  const { messages, chosen_messages: chosen, tools } = record.value
  const used = messages ?? chosen
  if (used === undefined)
    return { ok: false, failure: invalid(where, 'the record has neither conversations nor messages') }
  if (messages === undefined) oddities.count('preference-pair')
  const rest = omit(record.value, 'tools', messages === undefined ? 'chosen_messages' : 'messages')
  return done({ messages: messagesFromParts(used, oddities), tools, rest })
}

/** What a person said of the answer, as KTO's data has it. */
function outcomeOf(tag: unknown): Outcome | undefined {
  return typeof tag === 'boolean' ? { status: tag ? 'success' : 'failure', by: 'source' } : undefined
}

const withTools = (message: Message, tools: string | undefined): Message =>
  message.role === 'assistant' && tools !== undefined
    ? { ...message, call: { model: 'unknown', params: {}, tools } }
    : message

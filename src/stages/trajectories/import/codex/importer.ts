import { failed } from '../../../../nouns/index.js'
import { filesBeside } from '../beside.js'
import { invalid } from '../document.js'
import {
  itemsOf,
  type ImportHeader,
  type ImportItem,
  type ImportSource,
  type SourceHead,
  type TrajectoryImporter,
} from '../importer.js'
import { readJsonLines } from '../json-lines.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { fieldsIn, isFields, textIn } from '../values.js'
import { itemFrom, type Item } from './item.js'
import { childrenOf } from './parts.js'
import { CodexSession } from './session.js'
import { Spawned } from './spawned.js'
import { withoutInstructions } from './turn.js'

/**
 * Rollouts of OpenAI's Codex CLI, `~/.codex/sessions/YYYY/MM/DD/rollout-*.jsonl`, as openai/codex defines them in
 * codex-rs/protocol/src/protocol.rs (`RolloutLine`, `SessionMeta`, `TurnContextItem`, `CompactedItem`, `TokenUsageInfo`) and models.rs
 * (`ResponseItem`), and before September 2025 without the envelope. The tools are not in these files.
 */
export const codex: TrajectoryImporter = {
  format: 'codex',
  extensions: ['.jsonl'],
  companions: [],
  detect,
  partsOf: async (head) => (await childrenOf(head)).map((child) => child.path),
  read,
}

function detect({ text }: SourceHead): number {
  const first = text.split('\n', 1)[0] ?? ''
  if (!/^\s*\{/.test(first)) return 0
  const isEnveloped = /"type"\s*:\s*"(?:session_meta|response_item|turn_context|event_msg|compacted)"/.test(first)
  if (isEnveloped && /"payload"\s*:/.test(first)) return 0.95
  const isBare = /^\{"id":"[^"]*","timestamp":"[^"]*"/.test(first) && !/"type"\s*:/.test(first)
  return isBare && /"record_type"\s*:\s*"state"|"type"\s*:\s*"(?:input|output)_text"/.test(text) ? 0.85 : 0
}

type Child = Awaited<ReturnType<typeof childrenOf>>[number]

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const { path } = source
  const oddities = new Oddities()
  const children = await childrenOf(source.head)
  const spawned = new Spawned(children.map((child) => child.id))
  let session: CodexSession | null = null
  for await (const { item, unreadable, bytes } of itemsIn(path, oddities)) {
    if (session === null) {
      const meta = item?.kind === 'session_meta' ? item : null
      yield await beginOf(meta, oddities, children)
      session = new CodexSession('main', meta, undefined, oddities, spawned)
      if (meta !== null) continue
    }
    if (item === undefined) session.record(unreadable)
    else session.take(item, bytes)
    yield* eventsOf(session)
  }
  if (session === null) return
  yield* afterOf('main', session)
  if (session.messages === 0) {
    yield* itemsOf(failed(invalid(path, 'there is no message in this session')))
    return
  }
  for (const child of children) yield* childOf(child, session, oddities, spawned)
  yield { kind: 'event', event: { type: 'outcome', outcome: { status: 'unknown', by: 'source' } } }
  const { model, usage } = session
  yield {
    kind: 'end',
    ...(model === undefined ? {} : { amendment: { model } }),
    ...(usage === null ? {} : { usage }),
  }
}

async function* childOf(
  { id, path }: Child,
  main: CodexSession,
  oddities: Oddities,
  spawned: Spawned,
): AsyncGenerator<ImportItem> {
  const name = `agent-${id}`
  const parent = spawned.placeOf(id) ?? main.last
  let session: CodexSession | null = null
  for await (const { item, unreadable, bytes } of itemsIn(path, oddities)) {
    if (session === null) {
      session = new CodexSession(name, item?.kind === 'session_meta' ? item : null, parent, oddities, spawned)
      if (item?.kind === 'session_meta') continue
    }
    if (item === undefined) session.record(unreadable)
    else session.take(item, bytes)
    yield* eventsOf(session)
  }
  if (session !== null) yield* afterOf(name, session)
}

/** The response that was at hand, and the records that no message came after. */
function* afterOf(name: string, session: CodexSession): Generator<ImportItem> {
  const records = session.finish()
  yield* eventsOf(session)
  if (records.length === 0) return
  const why = 'records of the program, no call of a model'
  const aside = { id: `${name}-after`, why, thread: name, messages: [], extra: { codex: { records } } }
  yield { kind: 'event', event: { type: 'aside', aside } }
}

interface Read {
  readonly item?: Item
  readonly unreadable?: unknown
  readonly bytes: number
}

/** A line that cannot be read is told of in its place. */
async function* itemsIn(path: string, oddities: Oddities): AsyncGenerator<Read> {
  for await (const { value, where, bytes } of readJsonLines(path)) {
    if (value.ok && isFields(value.value)) yield { item: itemFrom(value.value), bytes: bytes.length }
    else {
      oddities.count('unreadable-line')
      const what = value.ok ? { value: value.value } : { why: value.failure.message }
      yield { unreadable: { unreadable: where, ...what }, bytes: 0 }
    }
  }
}

async function beginOf(
  meta: Item | null,
  oddities: Oddities,
  children: readonly Child[],
): Promise<Extract<ImportItem, { kind: 'begin' }>> {
  const payload = meta?.payload ?? {}
  const version = textIn(payload, 'cli_version')
  const cwd = textIn(payload, 'cwd')
  const git = fieldsIn(payload, 'git')
  const created = textIn(payload, 'timestamp') ?? meta?.time
  const workspace = { ...(cwd === undefined ? {} : { cwd }), ...(Object.keys(git).length === 0 ? {} : { git }) }
  const rest = withoutInstructions(omit(payload, 'cwd', ...(Object.keys(git).length === 0 ? [] : ['git'])))
  const header: ImportHeader = {
    ...(created === undefined ? {} : { created }),
    source: { agent: 'codex', model: 'unknown', ...(version === undefined ? {} : { version }) },
    ...(Object.keys(workspace).length === 0 ? {} : { workspace }),
    ...(meta === null
      ? {}
      : { extra: { codex: { ...rest, ...meta.more, ...(meta.time === undefined ? {} : { line: meta.time }) } } }),
  }
  const besides = await filesBeside(children.map(({ path }) => path))
  return { kind: 'begin', index: 0, header, oddities, besides }
}

function* eventsOf(session: CodexSession): Generator<ImportItem> {
  for (const event of session.drain()) yield { kind: 'event', event }
}

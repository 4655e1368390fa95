import type { Thread } from '../../../../nouns/index.js'
import { filesBeside } from '../beside.js'
import { validate } from '../document.js'
import { detectConversation, readConversation } from '../gemini-cli/index.js'
import { MessageIds } from '../gemini-parts/index.js'
import type { ImportEvent, ImportItem, ImportSource, SourceFile, SourceHead, TrajectoryImporter } from '../importer.js'
import { readJsonLines, type JsonLine } from '../json-lines.js'
import { Oddities } from '../oddities.js'
import { commonOf, type Common } from './messages.js'
import { ChatRecord } from './record.js'
import { QwenSession } from './session.js'
import { subAgentsOf, type SubAgent } from './subagents.js'

/**
 * Sessions of Qwen Code: `~/.qwen/projects/<folder>/chats/<session>.jsonl`, a record a line, with the sub-agents' files; and the form
 * of its first versions, one JSON document as Gemini CLI writes it, in `~/.qwen/tmp/<hash>/chats/`.
 */
export const qwenCode: TrajectoryImporter = {
  format: 'qwen-code',
  extensions: ['.jsonl', '.json'],
  companions: [
    { path: /(^|\/)extract-cursor\.json$/, why: "Qwen Code's own note, no trajectory" },
    { path: /(^|\/)projects\/[^/]+\/meta\.json$/, why: "Qwen Code's own note, no trajectory" },
  ],
  detect,
  partsOf,
  read,
}

function detect(head: SourceHead): number {
  if (firstRecord(head) !== null) return 0.95
  const conversation = detectConversation(head)
  if (conversation === 0) return 0
  return /"type"\s*:\s*"qwen"/.test(head.text) || /[\\/]\.qwen[\\/]/.test(head.path) ? 0.95 : 0
}

/** The first line, where it is one of this program's: Claude Code's have the same links, but no `parts`. */
function firstRecord({ text }: SourceHead): ChatRecord | null {
  const line = text.split('\n').find((one) => one.trim() !== '')
  if (line === undefined || !line.includes('"parentUuid"') || !line.includes('"sessionId"')) return null
  try {
    const record = ChatRecord.safeParse(JSON.parse(line))
    if (!record.success) return null
    const { message, systemPayload, type } = record.data
    return Array.isArray(message?.parts) || (type === 'system' && systemPayload !== undefined) ? record.data : null
  } catch {
    return cutRecord(line)
  }
}

/** A first line that is longer than the head: what stands before its parts tells enough. */
function cutRecord(line: string): ChatRecord | null {
  const start = /^\{"uuid":"[^"]+","parentUuid":null,"sessionId":"([^"]+)"/.exec(line)
  if (start === null || !line.includes('"parts":[')) return null
  return { uuid: 'cut', parentUuid: null, sessionId: start[1] as string, type: 'user', systemPayload: undefined }
}

async function partsOf(head: SourceHead): Promise<readonly string[]> {
  const record = firstRecord(head)
  if (record === null || record.isSidechain === true) return []
  const agents = await subAgentsOf(head.path, record.sessionId)
  return agents.flatMap((agent) => [agent.path, agent.metaPath])
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  if (firstRecord(source.head) === null && detectConversation(source.head) > 0) {
    yield* readConversation(source, 'qwen-code')
    return
  }
  const oddities = new Oddities()
  const ids = new MessageIds(oddities)
  let session: QwenSession | null = null
  let common: Common = {}
  let agents: SubAgent[] = []
  for await (const line of readJsonLines(source.path)) {
    const record = recordFrom(line)
    if (session === null) {
      if (!record.ok) {
        yield { kind: 'rejected', failure: record.failure }
        continue
      }
      common = commonOf(record.value)
      agents = record.value.isSidechain === true ? [] : await subAgentsOf(source.path, record.value.sessionId)
      yield beginning(record.value, common, oddities, await filesOf(agents))
      session = new QwenSession({ root: 'main', common, oddities, ids })
      yield event(session.begin())
    }
    yield* eventsOf(session, line, record, oddities)
  }
  if (session === null) return
  yield* eventsOfAgents(agents, session, common, oddities, ids)
  yield event({ type: 'outcome', outcome: { status: 'unknown', by: 'source' } })
  yield { kind: 'end', amendment: session.amendment() }
}

const recordFrom = ({ value, where }: JsonLine) => (value.ok ? validate(value.value, ChatRecord, where) : value)

const event = (one: ImportEvent): ImportItem => ({ kind: 'event', event: one })

function beginning(record: ChatRecord, common: Common, oddities: Oddities, besides: readonly SourceFile[]): ImportItem {
  const { cwd, ...session } = common
  const header = {
    ...(typeof record.timestamp === 'string' ? { created: record.timestamp } : {}),
    source: { agent: 'qwen-code', model: 'unknown' },
    ...(typeof cwd === 'string' ? { workspace: { cwd } } : {}),
    extra: { qwen: session },
  }
  return { kind: 'begin', index: 0, header, oddities, besides }
}

/** A line that cannot be read is told of in its place, and the session goes on: most often it is the last, cut by a crash. */
function* eventsOf(
  session: QwenSession,
  line: JsonLine,
  record: ReturnType<typeof recordFrom>,
  oddities: Oddities,
): Generator<ImportItem> {
  if (record.ok) {
    for (const one of session.take(record.value)) yield event(one)
    return
  }
  oddities.count('unreadable-line')
  const { thread } = session.here
  const aside = { id: `${thread}:line-${line.number}`, why: 'a line that cannot be read', thread, messages: [] }
  yield event({ type: 'aside', aside: { ...aside, extra: { qwen: { error: record.failure.message } } } })
}

async function* eventsOfAgents(
  agents: readonly SubAgent[],
  main: QwenSession,
  common: Common,
  oddities: Oddities,
  ids: MessageIds,
): AsyncGenerator<ImportItem> {
  const started = new Map<string, QwenSession>()
  for (const agent of agents) {
    const parent = parentOf(agent, started, main)
    const session = new QwenSession({ root: `agent-${agent.id}`, parent, common, oddities, ids })
    started.set(agent.meta?.agentId ?? agent.id, session)
    yield event(session.begin(agent.meta === null ? undefined : { qwen: { meta: agent.meta } }))
    for await (const line of readJsonLines(agent.path)) yield* eventsOf(session, line, recordFrom(line), oddities)
    if (session.waiting.length > 0) yield event(waitingOf(session))
  }
}

function waitingOf({ here: { thread }, waiting }: QwenSession): ImportEvent {
  const aside = { id: `${thread}:after`, why: 'records of the program', thread, messages: [] }
  return { type: 'aside', aside: { ...aside, extra: { qwen: { records: waiting } } } }
}

/** The message that started a sub-agent; without a named call, where its parent stood at the end. */
function parentOf({ meta }: SubAgent, started: ReadonlyMap<string, QwenSession>, main: QwenSession): Thread['parent'] {
  const parent = started.get(meta?.parentAgentId ?? '') ?? main
  const toolCall = meta?.toolUseId ?? undefined
  const caller = toolCall === undefined ? undefined : parent.callerOf(toolCall)
  const place = caller ?? parent.here
  if (place.message === null) return undefined
  const call = caller === undefined ? {} : { toolCall }
  return { thread: place.thread, message: place.message, relation: 'subagent', ...call }
}

const filesOf = (agents: readonly SubAgent[]): Promise<SourceFile[]> =>
  filesBeside(agents.flatMap(({ path, metaPath, meta }) => (meta === null ? [path] : [path, metaPath])))

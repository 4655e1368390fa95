import { failed } from '../../../../nouns/index.js'
import { filesBeside, readJsonBeside } from '../beside.js'
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
import { isFields } from '../values.js'
import { isMessageLine, sessionOf, textOf, type Line } from './line.js'
import { agentOf, metaFileOf, partsOf } from './parts.js'
import { ClaudeCodeSession } from './session.js'

/** Lines that may come before the first message: titles, snapshots. */
const LINES_BEFORE = 64

/**
 * Claude Code's sessions, `~/.claude/projects/<folder>/<session>.jsonl`, with the files of their sub-agents. The program is not open
 * source: the format is as public readers of its logs describe it, michaelschleiss/claude-convos (its specification of the files),
 * daaain/claude-code-log (models and test data) and Harbor's agents/installed/claude_code.py. The system prompt and the tools are not in
 * these files.
 */
export const claudeCode: TrajectoryImporter = {
  format: 'claude-code',
  extensions: ['.jsonl'],
  companions: [],
  detect,
  partsOf: ({ path }) => partsOf(path),
  read,
}

/** Qwen Code writes much the same envelope around messages with `parts`; only Claude Code's lines say whether they are a side chain. */
function detect({ text }: SourceHead): number {
  if (!/^\s*\{/.test(text)) return 0
  const isTree = /"parentUuid"\s*:/.test(text) && /"uuid"\s*:/.test(text) && /"sessionId"\s*:/.test(text)
  if (isTree && /"isSidechain"\s*:/.test(text)) return 0.95
  if (isTree && /"message"\s*:\s*\{/.test(text) && !/"parts"\s*:/.test(text)) return 0.75
  return /^\s*\{\s*"type"\s*:\s*"(?:summary|file-history-snapshot|queue-operation)"/.test(text) ? 0.7 : 0
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const { path } = source
  const before: unknown[] = []
  let session: ClaudeCodeSession | null = null
  const parts = await partsOf(path)
  const agents = parts.filter((part) => agentOf(part) !== undefined)
  for await (const { value, where, bytes } of readJsonLines(path)) {
    const line = value.ok ? value.value : { unreadable: where, why: value.failure.message }
    if (session !== null) {
      if (value.ok) yield* eventsOf(session.take(line, undefined, bytes.length))
      else session.unreadable(line)
      continue
    }
    before.push(line)
    if (!(isFields(line) && isMessageLine(line)) && before.length < LINES_BEFORE) continue
    session = new ClaudeCodeSession(constantsOf(before), agentOf(path) !== undefined)
    yield await beginOf(session, before, parts)
    for (const one of before) {
      if (isFields(one) && 'unreadable' in one) session.unreadable(one)
      else yield* eventsOf(session.take(one))
    }
  }
  if (session === null) {
    if (before.length > 0) yield* itemsOf(failed(invalid(path, 'there is no message in this session')))
    return
  }
  yield* agentsOf(session, agents, source.maxDocumentBytes)
  const { events, amendment, usage } = session.finish()
  yield* eventsOf(events)
  if (session.messages === 0) yield* itemsOf(failed(invalid(path, 'there is no message in this session')))
  else {
    yield { kind: 'event', event: { type: 'outcome', outcome: { status: 'unknown', by: 'source' } } }
    yield { kind: 'end', amendment, ...(usage === undefined ? {} : { usage }) }
  }
}

/** Each sub-agent's file after the one that holds the call that started it, as far as that is known. */
async function* agentsOf(
  session: ClaudeCodeSession,
  files: readonly string[],
  maxBytes: number,
): AsyncGenerator<ImportItem> {
  const left = [...files]
  while (left.length > 0) {
    const known = left.findIndex((file) => session.calls.knows(agentOf(file) ?? ''))
    const [file] = left.splice(Math.max(known, 0), 1) as [string]
    const agent = agentOf(file)
    const meta = await readJsonBeside(metaFileOf(file), maxBytes)
    if (meta.ok) yield* eventsOf(session.take({ type: 'agent-meta', agentId: agent, meta: meta.value }, agent))
    for await (const { value, where, bytes } of readJsonLines(file)) {
      if (value.ok) yield* eventsOf(session.take(value.value, agent, bytes.length))
      else session.unreadable({ unreadable: where, why: value.failure.message })
    }
  }
}

const constantsOf = (lines: readonly unknown[]): Line =>
  Object.assign({}, ...lines.map((line) => (isFields(line) ? sessionOf(line) : {}))) as Line

async function beginOf(
  session: ClaudeCodeSession,
  lines: readonly unknown[],
  parts: readonly string[],
): Promise<Extract<ImportItem, { kind: 'begin' }>> {
  const constants = constantsOf(lines)
  const time = lines.flatMap((line) => (isFields(line) ? (textOf(line, 'timestamp') ?? []) : []))[0]
  const cwd = textOf(constants, 'cwd')
  const gitBranch = textOf(constants, 'gitBranch')
  const version = textOf(constants, 'version')
  const header: ImportHeader = {
    ...(time === undefined ? {} : { created: time }),
    source: { agent: 'claude-code', model: 'unknown', ...(version === undefined ? {} : { version }) },
    ...(cwd === undefined ? {} : { workspace: { cwd, ...(gitBranch === undefined ? {} : { gitBranch }) } }),
    extra: { claudeCode: { session: constants } },
  }
  const besides = await filesBeside(parts)
  return { kind: 'begin', index: 0, header, oddities: session.oddities, besides }
}

function* eventsOf(events: ReturnType<ClaudeCodeSession['take']>): Generator<ImportItem> {
  for (const event of events) yield { kind: 'event', event }
}

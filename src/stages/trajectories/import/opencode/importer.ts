import type { Thread } from '../../../../nouns/index.js'
import { filesBeside } from '../beside.js'
import { readDocument, validate } from '../document.js'
import type { ImportEvent, ImportItem, ImportSource, SourceFile, SourceHead, TrajectoryImporter } from '../importer.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { Exported, WithParts, type SessionInfo } from './record.js'
import { isoOf } from './rest.js'
import { OpencodeSession, type MessageRecords } from './session.js'
import { besidesOf, childrenOf, filesOf, recordsIn, sessionAt, storageOf, type Child, type Storage } from './storage.js'

/**
 * Sessions of opencode: what `opencode export SESSION` writes, and the storage folder of earlier versions, a file a session, message
 * and part. Newer versions keep an SQLite database, from which that command exports.
 */
export const opencode: TrajectoryImporter = {
  format: 'opencode',
  extensions: ['.json'],
  companions: [
    {
      path: /(^|\/)opencode[^/]*\.db$/,
      why: "opencode's database, which is not read: `opencode export SESSION > session.json` writes what is",
    },
  ],
  detect,
  partsOf,
  read,
}

const SQLITE = 'SQLite format 3\0'
const isDatabase = ({ bytes }: SourceHead): boolean => bytes.subarray(0, SQLITE.length).toString('latin1') === SQLITE

function detect(head: SourceHead): number {
  if (isDatabase(head)) return /opencode[^\\/]*\.db$/.test(head.path) ? 0.9 : 0.3
  const { text } = head
  if (/^\s*\{\s*"info"\s*:\s*\{/.test(text) && /"id"\s*:\s*"ses_/.test(text.slice(0, 4096))) return 0.95
  return isSession(head) ? 0.9 : 0
}

/** A session's own file in the storage folder. */
function isSession({ text, path }: SourceHead): boolean {
  if (!/^\s*\{/.test(text) || storageOf(path) === null) return false
  return /"id"\s*:\s*"ses_/.test(text) && /"directory"\s*:/.test(text) && !/"messageID"\s*:/.test(text)
}

async function partsOf(head: SourceHead): Promise<readonly string[]> {
  const storage = storageOf(head.path)
  if (storage === null || isDatabase(head) || !isSession(head)) return []
  const session = await sessionAt(head.path)
  if (!session.ok) return []
  const children = await childrenOf(storage, session.value.id)
  const files: string[] = []
  for (const id of [session.value.id, ...children.map(({ info }) => info.id)])
    files.push(...(await filesOf(storage, id)))
  return [...files, ...children.map(({ path }) => path)]
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  if (isDatabase(source.head)) {
    yield { kind: 'rejected', failure: { ...DATABASE, where: source.path } }
    return
  }
  if (/^\s*\{\s*"info"\s*:/.test(source.head.text)) yield* readExport(source)
  else yield* readStorage(source)
}

const DATABASE = {
  kind: 'input' as const,
  code: 'import.database',
  message: 'an SQLite database, which is not read directly',
  remedy: "where it is opencode's: opencode export SESSION > file.json, and import that file",
}

/** The document holds all messages, and a compaction shows some of them again. */
async function* readExport(source: ImportSource): AsyncGenerator<ImportItem> {
  const document = await readDocument(source.path, source.maxDocumentBytes)
  const exported = document.ok ? validate(document.value, Exported, source.path) : document
  if (!exported.ok) {
    yield { kind: 'rejected', failure: exported.failure }
    return
  }
  const { info, messages } = exported.value
  const records: MessageRecords = {
    ids: messages.map((one) => idIn(one)),
    load: async (at) => validate(messages[at], WithParts, `${source.path}, messages[${at}]`),
  }
  const rest = omit(exported.value, 'info', 'messages')
  yield* readSession({ info, records, extra: rest, children: [], files: [] })
}

function idIn(message: unknown): string {
  const id = (message as { info?: { id?: unknown } | null } | null)?.info?.id
  return typeof id === 'string' ? id : ''
}

async function* readStorage(source: ImportSource): AsyncGenerator<ImportItem> {
  const session = await sessionAt(source.path)
  const storage = storageOf(source.path)
  if (!session.ok) {
    yield { kind: 'rejected', failure: session.failure }
    return
  }
  const info = session.value
  const children = storage === null ? [] : await childrenOf(storage, info.id)
  const paths = storage === null ? [] : await partsOf(source.head)
  const files = await filesBeside(paths)
  const records = storage === null ? NO_RECORDS : await recordsIn(storage, info.id)
  const extra = storage === null ? {} : await besidesOf(storage, info.id)
  yield* readSession({ info, records, extra, files, children, storage })
}

const NO_RECORDS: MessageRecords = { ids: [], load: () => Promise.reject(new Error('no record')) }

interface Whole {
  readonly info: SessionInfo
  readonly records: MessageRecords
  readonly extra: Record<string, unknown>
  readonly files: readonly SourceFile[]
  readonly children: readonly Child[]
  readonly storage?: Storage | null
}

const event = (one: ImportEvent): ImportItem => ({ kind: 'event', event: one })

async function* readSession({ info, records, extra, files, children, storage }: Whole): AsyncGenerator<ImportItem> {
  const oddities = new Oddities()
  const created = isoOf(info.time?.created)
  const header = {
    ...(created === undefined ? {} : { created }),
    source: { agent: 'opencode', model: 'unknown' },
    ...(typeof info.directory === 'string' ? { workspace: { cwd: info.directory } } : {}),
    extra: { opencode: { ...omit(info, 'directory'), ...extra } },
  }
  yield { kind: 'begin', index: 0, header, oddities, besides: files }
  const person = typeof info.parentID !== 'string'
  const main = new OpencodeSession({ root: 'main', person, records, oddities })
  for await (const one of main.events()) yield event(one)
  const sessions = new Map([[info.id, main]])
  for (const child of storage === null || storage === undefined ? [] : children) {
    const session = await childSession(child, sessions, storage as Storage, oddities)
    sessions.set(child.info.id, session)
    const beside = await besidesOf(storage as Storage, child.info.id)
    for await (const one of session.events({ opencode: { ...child.info, ...beside } })) yield event(one)
  }
  yield event({ type: 'outcome', outcome: { status: 'unknown', by: 'source' } })
  yield { kind: 'end', ...(main.model === undefined ? {} : { amendment: { model: main.model } }) }
}

async function childSession(
  { info }: Child,
  sessions: ReadonlyMap<string, OpencodeSession>,
  storage: Storage,
  oddities: Oddities,
): Promise<OpencodeSession> {
  const parent = parentOf(info, sessions)
  const records = await recordsIn(storage, info.id)
  return new OpencodeSession({ root: `session-${info.id}`, parent, person: false, records, oddities })
}

/** The call that started the session; without one, where its parent stood at the end. */
function parentOf({ id, parentID }: SessionInfo, sessions: ReadonlyMap<string, OpencodeSession>): Thread['parent'] {
  const parent = sessions.get(parentID ?? '')
  const started = parent?.started.get(id)
  if (started !== undefined) return { ...started, relation: 'subagent' }
  const place = parent?.place ?? null
  return place === null ? undefined : { ...place, relation: 'subagent' }
}

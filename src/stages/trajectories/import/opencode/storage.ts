import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../../../nouns/index.js'
import { readDocument, validate } from '../document.js'
import { Family, rememberFolders } from '../family.js'
import { MessageInfo, Part, SessionInfo, type WithParts } from './record.js'
import type { MessageRecords } from './session.js'

/**
 * The storage folder of earlier versions (packages/opencode/src/storage/storage.ts): `session/<project>/<session>.json`,
 * `message/<session>/<message>.json`, `part/<message>/<part>.json`, `todo/` and `session_diff/` with a file a session, and `project/`.
 */
export interface Storage {
  readonly root: string
  readonly project: string
}

/** Only names of the program's own making are followed, so that nothing outside of the storage folder is looked at. */
const NAME = /^[A-Za-z]+_[A-Za-z0-9]+$/
const MAX_RECORD_BYTES = 64 << 20

/** The storage that a session's file lies in; null where it lies in none. */
export function storageOf(file: string): Storage | null {
  const project = path.dirname(path.resolve(file))
  const sessions = path.dirname(project)
  return path.basename(sessions) === 'session' ? { root: path.dirname(sessions), project } : null
}

/** Paths of JSON files in a folder, in the order of their names, which is that of their making. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && NAME.test(entry.name.slice(0, -5)))
    .map((entry) => path.join(folder, entry.name))
    .sort()
}

const folderOf = (storage: Storage, kind: string, id: string): Promise<string[]> =>
  NAME.test(id) ? filesIn(path.join(storage.root, kind, id)) : Promise.resolve([])

/** Every file that belongs to a session, without its own. */
export async function filesOf(storage: Storage, session: string): Promise<string[]> {
  const files = await folderOf(storage, 'message', session)
  for (const message of [...files]) files.push(...(await folderOf(storage, 'part', path.basename(message, '.json'))))
  for (const kind of BESIDE) files.push(...(await besideOf(storage, kind, session)))
  return files
}

async function besideOf(storage: Storage, kind: string, session: string): Promise<string[]> {
  const name = kind === 'project' ? path.basename(storage.project) : session
  if (kind !== 'project' && !NAME.test(name)) return []
  const file = path.join(storage.root, kind, `${name}.json`)
  const found = await lstat(file).catch(() => null)
  return found?.isFile() === true ? [file] : []
}

const BESIDE = ['todo', 'session_diff', 'project']

/** What else is stored of a session: its list of tasks, the changes to files, the project. */
export async function besidesOf(storage: Storage, session: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const kind of BESIDE) {
    for (const file of await besideOf(storage, kind, session)) {
      const read = await readDocument(file, MAX_RECORD_BYTES)
      found[kind] = read.ok ? read.value : { error: read.failure.message }
    }
  }
  return found
}

export interface Child {
  readonly path: string
  readonly info: SessionInfo
}

/** The sessions that others of this family started, parents first. */
export async function childrenOf(storage: Storage, session: string): Promise<Child[]> {
  const family = await familyIn(storage.project)
  const found = family.descendantsOf(session)
  return found.map(({ name, info }) => ({ path: path.join(storage.project, name), info }))
}

const familyIn = rememberFolders(async (project: string) => {
  const all: { id: string; parent?: string | null; name: string; info: SessionInfo }[] = []
  for (const file of await filesIn(project)) {
    const info = await sessionAt(file)
    if (!info.ok) continue
    const { id, parentID: parent } = info.value
    all.push({ id, parent, name: path.basename(file), info: info.value })
  }
  return new Family(all)
})

export async function sessionAt(file: string): Promise<Result<SessionInfo>> {
  const document = await readDocument(file, MAX_RECORD_BYTES)
  return document.ok ? validate(document.value, SessionInfo, file) : document
}

/** A session's messages, each read with its parts when it is asked for. */
export async function recordsIn(storage: Storage, session: string): Promise<MessageRecords> {
  const files = await folderOf(storage, 'message', session)
  return {
    ids: files.map((file) => path.basename(file, '.json')),
    load: (at) => recordAt(storage, files[at] as string),
  }
}

async function recordAt(storage: Storage, file: string): Promise<Result<WithParts>> {
  const document = await readDocument(file, MAX_RECORD_BYTES)
  const info = document.ok ? validate(document.value, MessageInfo, file) : document
  if (!info.ok) return info
  const parts: Part[] = []
  for (const one of await folderOf(storage, 'part', path.basename(file, '.json'))) {
    const read = await readDocument(one, MAX_RECORD_BYTES)
    const part = read.ok ? validate(read.value, Part, one) : read
    if (!part.ok) return failed(part.failure)
    parts.push(part.value)
  }
  return done({ info: info.value, parts })
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { done, failed, type Result } from '../../../nouns/index.js'
import { hubAddress } from '../../../shared/models/index.js'
import { digestOfFile } from '../../../shared/project/index.js'
import { formatBytes } from '../../../shared/python/index.js'
import { isPublic, pushCut, pushFailure, tokenFailure } from './failures.js'
import { patientFetch } from './patient-fetch.js'

export interface PushRequest {
  /** The model folder with its card. */
  readonly folder: string
  /** `OWNER/NAME`. */
  readonly repository: string
  readonly isPrivate?: boolean
  readonly title: string
  /** Sent with requests, never written and never said. */
  readonly token: string | undefined
  /** Where the hub answers, by the text of HF_ENDPOINT; the library's own address where not given. */
  readonly endpoint?: string
  readonly say: (line: string) => void
  readonly signal?: AbortSignal
  /** How long a request may give no answer, beside the time that its bytes take. */
  readonly patienceMs?: number
}

export interface Pushed {
  /** Files that were sent; none where all were there already. */
  readonly sent: readonly string[]
  readonly bytes: number
  readonly url: string
  readonly commit: string | null
}

interface LocalFile {
  readonly path: string
  readonly file: string
  readonly size: number
  /** As git names the content, for what a hub keeps in git itself. */
  readonly blob: string
  readonly sha256: string
}

/**
 * Uploads a model folder as one commit; what the hub holds already is not sent again, so that a push that was cut goes on when repeated.
 * Failures: `hub.token`, `hub.endpoint`, `hub.refused`, `hub.public`, `hub.absent`, `hub.cut`, `network.unreachable`, `interrupted`, those of the disk.
 */
export async function pushModel(request: PushRequest): Promise<Result<Pushed>> {
  const { token, repository, say } = request
  const odd = tokenFailure(token)
  if (odd !== null || token === undefined) return failed(odd ?? pushCut(repository, []))
  const address = hubAddress(request.endpoint)
  if (!address.ok) return address
  const access = accessOf(request, token, address.value)
  try {
    const files = await localFiles(request.folder)
    const made = await makeRepository(request, access)
    if (!made.ok) return made
    const missing = differing(files, await filesThere(repository, 'main', access))
    const url = `${access.hubUrl ?? 'hub:'}/${repository}`.replace('hub:/', 'hub:')
    if (missing.length === 0) return done({ sent: [], bytes: 0, url, commit: null })
    const bytes = missing.reduce((sum, { size }) => sum + size, 0)
    say(`  sending ${missing.length} files, ${formatBytes(bytes)}, to ${repository}`)
    const commit = await sendAll(request, access, missing)
    const cut = differing(missing, await filesThere(repository, commit, access))
    if (cut.length > 0)
      return failed(
        pushCut(
          repository,
          cut.map(({ path: name }) => name),
        ),
      )
    return done({ sent: missing.map(({ path: name }) => name), bytes, url, commit })
  } catch (error) {
    return failed(pushFailure(error, repository, token, request.signal))
  }
}

function accessOf({ signal, patienceMs }: PushRequest, accessToken: string, address: string | undefined) {
  return {
    accessToken,
    fetch: patientFetch(patienceMs, signal),
    ...(address === undefined ? {} : { hubUrl: address }),
  }
}

type Access = ReturnType<typeof accessOf> & { readonly hubUrl?: string }

async function localFiles(folder: string): Promise<readonly LocalFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files: LocalFile[] = []
  for (const entry of entries.filter((one) => !one.name.startsWith('.'))) {
    const file = path.join(entry.parentPath, entry.name)
    const there = await stat(file)
    if (!there.isFile()) continue
    const { size } = there
    const name = path.relative(folder, file).split(path.sep).join('/')
    files.push({ path: name, file, size, sha256: await digestOfFile(file), blob: await blobOf(file, size) })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Git's name for a file's content: SHA-1 over `blob SIZE\0` and the bytes (git-hash-object(1)). */
async function blobOf(file: string, size: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`)
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Makes the repository where it is not there. One that is public is never taken where a private one was asked for. */
async function makeRepository({ repository, isPrivate }: PushRequest, access: Access): Promise<Result<void>> {
  const { createRepo, HubApiError, modelInfo } = await import('@huggingface/hub')
  try {
    await createRepo({
      ...access,
      repo: { type: 'model', name: repository },
      ...(isPrivate === true && { visibility: 'private' }),
    })
    return done(undefined)
  } catch (error) {
    if (!(error instanceof HubApiError) || error.statusCode !== 409) throw error
  }
  if (isPrivate !== true) return done(undefined)
  const there = await modelInfo({ ...access, name: repository, revision: 'main' })
  return there.private ? done(undefined) : failed(isPublic(repository))
}

/** SHA-256 of large files and git's name of small ones, by path. */
async function filesThere(repository: string, revision: string, access: Access): Promise<ReadonlyMap<string, string>> {
  const { listFiles } = await import('@huggingface/hub')
  const there = new Map<string, string>()
  for await (const entry of listFiles({ ...access, repo: repository, revision, recursive: true })) {
    const digest = entry.lfs?.oid ?? entry.oid
    if (entry.type === 'file' && digest !== undefined) there.set(entry.path, digest)
  }
  return there
}

const differing = (files: readonly LocalFile[], there: ReadonlyMap<string, string>): readonly LocalFile[] =>
  files.filter(({ path: name, sha256, blob }) => there.get(name) !== sha256 && there.get(name) !== blob)

async function sendAll(request: PushRequest, access: Access, files: readonly LocalFile[]): Promise<string> {
  const { commitIter } = await import('@huggingface/hub')
  const sending = commitIter({
    ...access,
    repo: { type: 'model', name: request.repository },
    title: request.title,
    operations: files.map((one) => ({ operation: 'addOrUpdate', path: one.path, content: pathToFileURL(one.file) })),
    // Large files go by the hub's Git LFS, whose every request a server of one's own can answer too.
    useXet: false,
    ...(request.signal && { abortSignal: request.signal }),
  })
  for (;;) {
    const next = await sending.next()
    if (next.done === true) return next.value?.commit.oid ?? 'main'
    const event = next.value
    if (event.event === 'fileProgress' && event.state === 'uploading' && event.progress === 1)
      request.say(`  ${event.path} is there`)
  }
}

/** Whether a name can be a repository's. */
export const isRepository = (name: string): boolean => /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(name)

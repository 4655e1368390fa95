import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'
import { readJson, writeJson } from '../../../project/index.js'
import { z } from 'zod'
import { hubAddress } from '../hub-address.js'
import type { LocateOptions } from '../options.js'
import { hubFailure } from './hub-failure.js'
import { isTokenizerPart, TEMPLATES_FOLDER, type PackageFile } from './parts.js'
import { keepSnapshot, keptSnapshot } from './snapshot.js'

/** How a hub is reached. */
export interface HubAccess {
  /** Where it answers, by the text of HF_ENDPOINT; the library's own address where not given. */
  readonly endpoint?: string
  /** Sent with requests, never written. */
  readonly token?: string
}

const COMMIT = /^[0-9a-f]{40}$/
const Refs = z.record(z.string(), z.string().regex(COMMIT))

/** A file of a tokenizer is some megabytes; a larger one is something else. */
const LARGEST = 256 * 1024 ** 2

/** A request that gives no answer for as long as this has failed. */
const PATIENCE_MS = 120_000

/**
 * The tokenizer and chat template of a hub's repository at a revision, kept below the cache by commit. What was fetched once is taken from
 * there without a network: another commit under the same revision is fetched by its own name, or after the folder is deleted.
 * Failures: `model.absent`, `hub.refused`, `hub.endpoint`, `hub.token`, `hub.cut`, `network.unreachable`.
 */
export async function tokenizerFromHub(
  repository: string,
  options: LocateOptions,
  access: HubAccess,
): Promise<Result<string>> {
  const [name = '', revision = 'main'] = repository.split('@')
  const place = path.join(options.cacheRoot, 'tokenizers', 'hub', name.replace('/', '--'))
  const refs = path.join(place, 'refs.json')
  const known = await readJson(refs, Refs)
  const commits = known.ok ? known.value : {}
  const kept = COMMIT.test(revision) ? revision : commits[revision]
  const manifest = kept === undefined ? null : await keptSnapshot(path.join(place, kept))
  if (kept !== undefined && manifest !== null) {
    options.announce(`hub:${repository} is taken from the cache (commit ${kept}, fetched ${manifest.created})`)
    return done(path.join(place, kept))
  }
  if (access.token !== undefined && !access.token.startsWith('hf_')) return failed(oddToken)
  const address = hubAddress(access.endpoint)
  if (!address.ok) return address
  options.announce(`fetching the tokenizer of ${repository} from the hub`)
  try {
    return await fetchCommit(
      { name, revision, place, refs, commits },
      parametersOf(options, address.value, access.token),
      options,
    )
  } catch (error) {
    return failed(hubFailure(error, repository, options.signal))
  }
}

interface Wanted {
  readonly name: string
  readonly revision: string
  readonly place: string
  readonly refs: string
  readonly commits: Readonly<Record<string, string>>
}

async function fetchCommit(wanted: Wanted, asked: Asked, options: LocateOptions): Promise<Result<string>> {
  const { modelInfo } = await import('@huggingface/hub')
  const { name, revision, place } = wanted
  const { sha } = await modelInfo({ ...asked, name, revision, additionalFields: ['sha'] })
  if (!COMMIT.test(sha)) return failed(oddCommit(name))
  const snapshot = {
    folder: path.join(place, sha),
    name: `hub:${name}@${sha}`,
    parameters: { repository: name, revision, commit: sha },
  }
  const kept = await keepSnapshot(snapshot, () => filesAt(name, sha, asked), options)
  if (!kept.ok) return kept
  const written = await writeJson(wanted.refs, { ...wanted.commits, [revision]: sha })
  return written.ok ? kept : written
}

type Asked = ReturnType<typeof parametersOf>

/** What every request is made with. The library adds the token only for the hub's own address. */
function parametersOf({ signal }: LocateOptions, address: string | undefined, token: string | undefined) {
  const patient: typeof fetch = (url, init) => {
    const signals = [AbortSignal.timeout(PATIENCE_MS), ...(signal === undefined ? [] : [signal])]
    return fetch(url, { ...init, signal: AbortSignal.any(signals) })
  }
  return {
    fetch: patient,
    ...(address === undefined ? {} : { hubUrl: address }),
    ...(token === undefined ? {} : { accessToken: token }),
  }
}

async function filesAt(name: string, commit: string, asked: Asked): Promise<Result<readonly PackageFile[]>> {
  const { downloadFile } = await import('@huggingface/hub')
  const files: PackageFile[] = []
  for (const file of await partsAt(name, commit, asked)) {
    if (file.size > LARGEST) return failed(tooLarge(name, file.path, file.size))
    const blob = await downloadFile({ ...asked, repo: name, revision: commit, path: file.path })
    if (blob === null) return failed(absent(name, `${file.path} is listed and not there`))
    const content = new Uint8Array(await blob.arrayBuffer())
    if (content.length !== file.size) return failed(cut(name, file, content.length))
    files.push({ path: file.path, read: () => Promise.resolve(content) })
  }
  if (files.some((file) => file.path === 'tokenizer.json')) return done(files)
  return failed(absent(name, 'there is no tokenizer.json'))
}

interface Listed {
  readonly path: string
  readonly size: number
}

async function partsAt(name: string, commit: string, asked: Asked): Promise<readonly Listed[]> {
  const { listFiles } = await import('@huggingface/hub')
  const parts: Listed[] = []
  const list = async (folder?: string): Promise<void> => {
    let hasTemplates = false
    for await (const entry of listFiles({ ...asked, repo: name, revision: commit, path: folder })) {
      hasTemplates ||= entry.type === 'directory' && entry.path === TEMPLATES_FOLDER
      if (entry.type === 'file' && isTokenizerPart(entry.path)) parts.push({ path: entry.path, size: entry.size })
    }
    if (hasTemplates) await list(TEMPLATES_FOLDER)
  }
  await list()
  return parts
}

const absent = (name: string, message: string): Failure => ({
  kind: 'input',
  code: 'model.absent',
  message,
  where: `hub:${name}`,
  remedy:
    'name a repository that holds tokenizer.json; one without it can be converted with transformers and given as dir:PATH',
})

const cut = (name: string, { path: file, size }: Listed, received: number): Failure => ({
  kind: 'underway',
  code: 'hub.cut',
  message: `${received} bytes of ${file} came, and it has ${size}`,
  where: `hub:${name}`,
  remedy: 'run the same command again',
})

const tooLarge = (name: string, file: string, size: number): Failure => ({
  kind: 'input',
  code: 'hub.refused',
  message: `${file} has ${size} bytes, more than any tokenizer`,
  where: `hub:${name}`,
  remedy: 'fetch it yourself and name its folder with dir:PATH',
})

const oddCommit = (name: string): Failure => ({
  kind: 'underway',
  code: 'hub.refused',
  message: 'the hub names no commit for this revision',
  where: `hub:${name}`,
  remedy: 'check HF_ENDPOINT, or try again',
})

const oddToken: Failure = {
  kind: 'input',
  code: 'hub.token',
  message: 'HF_TOKEN is no token of a hub: these begin with hf_',
  where: 'HF_TOKEN',
  remedy: 'correct it, or unset it for a public repository',
}

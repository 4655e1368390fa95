import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What goes wrong, where something is to. */
export interface HubFaults {
  /** Large files that are taken before an upload is cut off; the rest comes to nothing. */
  cutAfter?: number
  /** Uploads are never answered. */
  stall?: boolean
  /** Answered to every request. */
  status?: number
  /** A commit is answered and forgotten. */
  forget?: boolean
  /** The repository is there already, and public. */
  publicBefore?: boolean
}

/** A hub with one repository, `owner/name`, that takes uploads and records what came. */
export interface PushHub {
  readonly endpoint: string
  readonly faults: HubFaults
  /** Content by path, as it was committed. */
  readonly files: Map<string, Buffer>
  /** `METHOD path` of each request. */
  readonly requests: string[]
  readonly tokens: Set<string | undefined>
  /** Bodies of the requests that made the repository. */
  readonly created: unknown[]
  close(): Promise<void>
}

interface State {
  readonly hub: Omit<PushHub, 'close'>
  readonly large: Map<string, Buffer>
  commits: number
}

/** The routes that a push asks for, as the hub's own client speaks them. */
export async function servePushHub(faults: HubFaults = {}): Promise<PushHub> {
  const files = new Map<string, Buffer>()
  const hub = { endpoint: '', faults, files, requests: [], tokens: new Set<string | undefined>(), created: [] }
  const state: State = { hub, large: new Map(), commits: 0 }
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => answer(state, request, body, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  hub.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...hub,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

type Reply = readonly [status: number, value: unknown]

function answer(state: State, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { hub } = state
  const place = decodeURIComponent((request.url ?? '').split('?')[0] ?? '')
  hub.requests.push(`${request.method ?? ''} ${place}`)
  if (!place.startsWith(UPLOAD)) hub.tokens.add(request.headers.authorization)
  const reply = replyTo(state, place, body)
  if (reply === 'cut') response.socket?.destroy()
  else if (reply !== 'nothing') send(response, ...reply)
}

const UPLOAD = '/upload/'
const MODEL = '/api/models/owner/name'

function replyTo(state: State, place: string, body: Buffer): Reply | 'cut' | 'nothing' {
  const { faults, files } = state.hub
  if (faults.status !== undefined) return [faults.status, { error: 'not like this' }]
  if (place.startsWith(UPLOAD)) return takeUpload(state, place.slice(UPLOAD.length), body)
  if (place === '/api/repos/create') return create(state, body)
  if (place.startsWith(`${MODEL}/revision/`)) {
    return [200, { _id: '1', id: 'owner/name', private: faults.publicBefore !== true }]
  }
  if (place.startsWith(`${MODEL}/tree/`)) return [200, listOf(files)]
  if (place.startsWith(`${MODEL}/preupload/`)) return [200, modesOf(body)]
  if (place === '/owner/name.git/info/lfs/objects/batch') return [200, batchOf(state, body)]
  if (place.startsWith(`${MODEL}/commit/`)) return commit(state, body)
  return [404, { error: 'Repository not found' }]
}

function create({ hub }: State, body: Buffer): Reply {
  const isThere = hub.created.length > 0 || hub.faults.publicBefore === true
  hub.created.push(JSON.parse(body.toString()))
  if (isThere) return [409, { error: 'You already created this model repo' }]
  return [200, { url: `${hub.endpoint}/owner/name`, id: '1' }]
}

interface Named {
  readonly path: string
}

const isLarge = (name: string): boolean => name.endsWith('.safetensors')

function modesOf(body: Buffer): object {
  const { files } = JSON.parse(body.toString()) as { files: readonly Named[] }
  return { files: files.map(({ path }) => ({ path, uploadMode: isLarge(path) ? 'lfs' : 'regular' })) }
}

function batchOf({ hub, large }: State, body: Buffer): object {
  const { objects } = JSON.parse(body.toString()) as { objects: readonly { oid: string; size: number }[] }
  const actionsOf = (oid: string) =>
    large.has(oid) ? {} : { actions: { upload: { href: `${hub.endpoint}/upload/${oid}` } } }
  return { transfer: 'basic', objects: objects.map(({ oid, size }) => ({ oid, size, ...actionsOf(oid) })) }
}

function takeUpload({ hub, large }: State, oid: string, body: Buffer): Reply | 'cut' | 'nothing' {
  if (hub.faults.stall === true) return 'nothing'
  if (hub.faults.cutAfter !== undefined && large.size >= hub.faults.cutAfter) return 'cut'
  if (createHash('sha256').update(body).digest('hex') !== oid) return [400, { error: 'other content' }]
  large.set(oid, body)
  return [200, {}]
}

interface Operation {
  readonly key: string
  readonly value: { readonly path: string; readonly content?: string; readonly oid?: string }
}

function commit(state: State, body: Buffer): Reply {
  const lines = body.toString().split('\n')
  const operations = lines.map((line) => JSON.parse(line) as Operation)
  for (const { key, value } of state.hub.faults.forget === true ? [] : operations) {
    if (key === 'file') state.hub.files.set(value.path, Buffer.from(value.content ?? '', 'base64'))
    if (key === 'lfsFile') state.hub.files.set(value.path, state.large.get(value.oid ?? '') ?? Buffer.alloc(0))
  }
  state.commits += 1
  const oid = String(state.commits).padStart(40, '0')
  return [200, { commitOid: oid, commitUrl: `${state.hub.endpoint}/owner/name/commit/${oid}` }]
}

const listOf = (files: ReadonlyMap<string, Buffer>): readonly object[] =>
  [...files].map(([path, content]) => ({
    type: 'file',
    path,
    size: content.length,
    oid: execFileSync('git', ['hash-object', '--stdin'], { input: content }).toString().trim(),
    ...(isLarge(path) && {
      lfs: { oid: createHash('sha256').update(content).digest('hex'), size: content.length, pointerSize: 130 },
    }),
  }))

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

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

function answer(state: State, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { hub } = state
  const place = decodeURIComponent((request.url ?? '').split('?')[0] ?? '')
  hub.requests.push(`${request.method ?? ''} ${place}`)
  const isUpload = place.startsWith('/upload/')
  if (!isUpload) hub.tokens.add(request.headers.authorization)
  if (hub.faults.status !== undefined) return send(response, hub.faults.status, { error: 'not like this' })
  if (isUpload) return takeUpload(state, place.slice('/upload/'.length), body, response)
  if (place === '/api/repos/create') return create(state, body, response)
  if (place.startsWith('/api/models/owner/name/revision/'))
    return send(response, 200, { _id: '1', id: 'owner/name', private: hub.faults.publicBefore !== true })
  if (place.startsWith('/api/models/owner/name/tree/')) return send(response, 200, listOf(hub.files))
  if (place.startsWith('/api/models/owner/name/preupload/')) return send(response, 200, modesOf(body))
  if (place === '/owner/name.git/info/lfs/objects/batch') return send(response, 200, batchOf(state, body))
  if (place.startsWith('/api/models/owner/name/commit/')) return commit(state, body, response)
  send(response, 404, { error: 'Repository not found' })
}

function create({ hub }: State, body: Buffer, response: ServerResponse): void {
  const isThere = hub.created.length > 0 || hub.faults.publicBefore === true
  hub.created.push(JSON.parse(body.toString()))
  if (isThere) send(response, 409, { error: 'You already created this model repo' })
  else send(response, 200, { url: `${hub.endpoint}/owner/name`, id: '1' })
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

function takeUpload({ hub, large }: State, oid: string, body: Buffer, response: ServerResponse): void {
  if (hub.faults.stall === true) return
  if (hub.faults.cutAfter !== undefined && large.size >= hub.faults.cutAfter) {
    response.socket?.destroy()
    return
  }
  if (createHash('sha256').update(body).digest('hex') !== oid) return send(response, 400, { error: 'other content' })
  large.set(oid, body)
  send(response, 200, {})
}

interface Operation {
  readonly key: string
  readonly value: { readonly path: string; readonly content?: string; readonly oid?: string }
}

function commit(state: State, body: Buffer, response: ServerResponse): void {
  const lines = body.toString().split('\n')
  const operations = lines.map((line) => JSON.parse(line) as Operation)
  for (const { key, value } of state.hub.faults.forget === true ? [] : operations) {
    if (key === 'file') state.hub.files.set(value.path, Buffer.from(value.content ?? '', 'base64'))
    if (key === 'lfsFile') state.hub.files.set(value.path, state.large.get(value.oid ?? '') ?? Buffer.alloc(0))
  }
  state.commits += 1
  const oid = String(state.commits).padStart(40, '0')
  send(response, 200, { commitOid: oid, commitUrl: `${state.hub.endpoint}/owner/name/commit/${oid}` })
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

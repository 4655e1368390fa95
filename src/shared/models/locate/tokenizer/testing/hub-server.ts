import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const COMMIT = 'a'.repeat(40)

/** A hub with one repository, `owner/name`, on this machine. */
export interface HubServer {
  readonly endpoint: string
  /** `METHOD path` of each request, and the token it came with. */
  readonly requests: { readonly path: string; readonly token: string | undefined }[]
  close(): Promise<void>
}

/** Serves the few routes of a hub that fetching a tokenizer asks for. A private one answers 401 without a token; `cut` leaves out each file's last byte. */
export async function serveHub(
  files: Readonly<Record<string, string>>,
  options: { readonly private?: true; readonly status?: number; readonly cut?: true } = {},
): Promise<HubServer> {
  const requests: HubServer['requests'] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '')
    requests.push({ path, token: request.headers.authorization })
    if (options.status !== undefined) answer(response, options.status, { error: 'out of order' })
    else if (options.private && request.headers.authorization === undefined) answer(response, 401, { error: 'gated' })
    else route(path, files, options.cut === true ? -1 : undefined, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function route(
  path: string,
  files: Readonly<Record<string, string>>,
  upTo: number | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const revision = /^\/api\/models\/owner\/name\/revision\/(.+)$/.exec(path)?.[1]
  if (revision === 'main' || revision === 'v1' || revision === COMMIT) {
    answer(response, 200, { _id: '1', id: 'owner/name', sha: COMMIT, lastModified: '2026-01-01T00:00:00Z' })
    return
  }
  const tree = new RegExp(`^/api/models/owner/name/tree/${COMMIT}(?:/(.+))?$`).exec(path)
  if (tree !== null) {
    answer(response, 200, listOf(files, tree[1] ?? ''))
    return
  }
  const file = path.startsWith(`/owner/name/resolve/${COMMIT}/`) ? path.split('/').slice(5).join('/') : ''
  const content = files[file]
  if (content !== undefined) {
    send(Buffer.from(content).subarray(0, upTo), request, response)
    return
  }
  answer(response, 404, { error: 'Repository not found' })
}

function listOf(files: Readonly<Record<string, string>>, folder: string): readonly object[] {
  const inside = Object.entries(files).filter(([name]) => folder === '' || name.startsWith(`${folder}/`))
  const rest = (name: string): string => (folder === '' ? name : name.slice(folder.length + 1))
  const folders = new Set(inside.flatMap(([name]) => (rest(name).includes('/') ? [rest(name).split('/')[0]] : [])))
  return [
    ...[...folders].map((path) => ({ type: 'directory', path, size: 0, oid: 'd' })),
    ...inside
      .filter(([name]) => !rest(name).includes('/'))
      .map(([path, content]) => ({ type: 'file', path, size: Buffer.byteLength(content), oid: 'f' })),
  ]
}

function send(content: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const start = Number(range?.[1] ?? 0)
  const end = Math.min(range?.[2] ? Number(range[2]) + 1 : content.length, content.length)
  const headers = { ETag: '"e"', 'Content-Range': `bytes ${start}-${end - 1}/${content.length}` }
  response.writeHead(range === null ? 200 : 206, headers).end(content.subarray(start, end))
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

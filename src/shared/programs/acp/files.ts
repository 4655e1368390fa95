import { RequestError, type ReadTextFileRequest, type WriteTextFileRequest } from '@agentclientprotocol/sdk'
import type { Sandbox } from '../../sandboxes/index.js'
import { placeIn, refusing } from './places.js'

/** `fs/read_text_file`: lines from `line` on (the first is 1), `limit` of them. */
export async function readTextFile(
  sandbox: Sandbox,
  { path, line, limit }: ReadTextFileRequest,
): Promise<{ content: string }> {
  const bytes = await refusing(path, () => sandbox.read(placeIn(path)))
  if (bytes === null) throw RequestError.resourceNotFound(path)
  const text = Buffer.from(bytes).toString('utf8')
  if ((line ?? null) === null && (limit ?? null) === null) return { content: text }
  const from = Math.max(1, line ?? 1) - 1
  const lines = text.split(/(?<=\n)/)
  return { content: lines.slice(from, limit == null ? undefined : from + limit).join('') }
}

/** `fs/write_text_file`: what was there is replaced, folders on the way are made. */
export async function writeTextFile(sandbox: Sandbox, { path, content }: WriteTextFileRequest): Promise<object> {
  await refusing(path, () => sandbox.write(placeIn(path), content))
  return {}
}

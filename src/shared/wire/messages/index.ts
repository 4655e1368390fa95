import type { Operation, WireDialect } from '../dialect.js'
import { decoded } from '../path-text.js'
import { problem } from './problem.js'
import { asked, readRequest, unfollowed } from './request.js'
import { readResponse } from './response.js'
import { streamWriter, wholeResponse } from './writer.js'

export { assistantMessage, userMessages, type BlockReader } from './blocks.js'
export { toolFrom } from './tools.js'
export { usageFrom } from './usage.js'

/** Anthropic Messages, as its API reference (docs.claude.com) and its SDK (anthropics/anthropic-sdk-typescript) have it. */
export const messages: WireDialect = {
  name: 'messages',
  operation,
  readRequest: (_operation, body) => readRequest(body),
  asked,
  unfollowed,
  readResponse,
  streamWriter: (head) => streamWriter(head),
  wholeResponse,
  problem,
  models,
}

function operation(method: string, path: string): Operation | null {
  if (method === 'POST' && path === '/v1/messages') return { kind: 'generate' }
  if (method === 'POST' && path === '/v1/messages/count_tokens') return { kind: 'count-tokens' }
  const asked = method === 'GET' ? /^\/v1\/models(?:\/(?<id>.+))?$/.exec(path) : null
  if (asked === null) return null
  const id = asked.groups?.['id']
  return { kind: 'models', ...(id === undefined ? {} : { model: decoded(id) }) }
}

const entry = (id: string) => ({ type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' })

function models(names: readonly string[], one?: string): unknown {
  if (one !== undefined) return entry(one)
  return { data: names.map(entry), has_more: false, first_id: names[0] ?? null, last_id: names.at(-1) ?? null }
}

import type { Operation, WireDialect } from '../dialect.js'
import { decoded } from '../path-text.js'
import { problem } from './problem.js'
import { asked, readRequest, unfollowed } from './request.js'
import { readResponse } from './response.js'
import { streamWriter, wholeResponse } from './writer.js'

/** OpenAI's chat completions, as its API reference (openai/openai-openapi) has them, and as DeepSeek, vLLM, SGLang and others write them. */
export const chatCompletions: WireDialect = {
  name: 'chat-completions',
  operation,
  readRequest: (_operation, body) => readRequest(body),
  asked,
  unfollowed,
  readResponse,
  streamWriter,
  wholeResponse,
  problem,
  models,
}

/** Servers put anything before these paths, or nothing. */
function operation(method: string, path: string): Operation | null {
  if (method === 'POST' && /(?:^|\/)chat\/completions$/.test(path)) return { kind: 'generate' }
  const asked = method === 'GET' ? /^(?:\/v1)?\/models(?:\/(?<id>.+))?$/.exec(path) : null
  if (asked === null) return null
  const id = asked.groups?.['id']
  return { kind: 'models', ...(id === undefined ? {} : { model: decoded(id) }) }
}

const entry = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'limi' })

function models(names: readonly string[], one?: string): unknown {
  return one === undefined ? { object: 'list', data: names.map(entry) } : entry(one)
}

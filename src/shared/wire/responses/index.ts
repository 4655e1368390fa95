import { problem } from '../chat-completions/problem.js'
import type { Operation, WireDialect } from '../dialect.js'
import { asked, readRequest, unfollowed } from './request.js'
import { readResponse } from './response.js'
import { streamWriter, wholeResponse } from './writer.js'

/** OpenAI's Responses, as its API reference (openai/openai-openapi) has them, and as Codex (openai/codex) sends and reads them. */
export const responses: WireDialect = {
  name: 'responses',
  operation,
  readRequest: (_operation, body) => readRequest(body),
  asked,
  unfollowed,
  readResponse,
  streamWriter,
  wholeResponse,
  problem,
  // Models are listed by chat completions, which share their paths.
  models: (names, one) => ({ object: 'list', data: (one === undefined ? names : [one]).map((id) => ({ id })) }),
}

/** Services put anything before this path, or nothing. */
function operation(method: string, path: string): Operation | null {
  return method === 'POST' && /(?:^|\/)responses$/.test(path) ? { kind: 'generate' } : null
}

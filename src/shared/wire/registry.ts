import { chatCompletions } from './chat-completions/index.js'
import type { Operation, WireDialect } from './dialect.js'
import { gemini } from './gemini/index.js'
import { messages } from './messages/index.js'
import { responses } from './responses/index.js'

/** All of them; where two have a path in common (`/v1/models`), the first is asked. */
export const DIALECTS: readonly WireDialect[] = [chatCompletions, responses, messages, gemini]

/** The dialect that has a path, and what is asked there; null for a path of none. */
export function dialectAt(
  method: string,
  path: string,
  query?: string,
): { dialect: WireDialect; operation: Operation } | null {
  for (const dialect of DIALECTS) {
    const operation = dialect.operation(method, path, query)
    if (operation !== null) return { dialect, operation }
  }
  return null
}

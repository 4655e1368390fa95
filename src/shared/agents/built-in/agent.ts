import type { BuiltInConfig } from '../../../nouns/index.js'
import type { Agent } from '../agent.js'
import { openSession } from './session.js'

export interface BuiltInOptions {
  /** Milliseconds before each further attempt when the model fails in a way that may pass. Default 1, 4 and 15 seconds. */
  readonly backoffMs?: readonly number[]
}

const BACKOFF_MS = [1_000, 4_000, 15_000]

/**
 * The built-in loop: ask the model, carry out what it asks for, show it what came of it; a reply that asks for nothing is
 * the answer. Every message is saved before the next step begins.
 *
 * How a turn ends: `answered` (cause `agent` where nothing was said); `turn-limit` (it went on and on: cause `agent`); `token-limit` (a cut
 * answer: cause null; a conversation that outgrew the model: cause `agent`); `time-limit` (cause `timeout`); `budget`; `aborted` (by the
 * signal); `failed` (the model: cause `infrastructure`). At a limit, what the last reply asked
 * for is still carried out, so that no call stays unanswered; when time is up, calls are answered unrun.
 */
export function builtInAgent(config: BuiltInConfig, options: BuiltInOptions = {}): Agent {
  const backoffMs = options.backoffMs ?? BACKOFF_MS
  return { name: 'built-in', open: (context) => openSession(config, context, backoffMs) }
}

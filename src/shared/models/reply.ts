import { setTimeout as sleep } from 'node:timers/promises'
import { done, failed, type Failure, type Result, type Usage } from '../../nouns/index.js'
import type { ChatModel, ModelRequest } from './model.js'
import { NO_USAGE } from './usage.js'

export interface Reply {
  readonly text: string
  readonly usage?: Usage
  /** What the model did not take of the request. */
  readonly warnings: readonly string[]
}

export interface ReplyOptions {
  /** Milliseconds before each further attempt when the model fails in a way that may pass. */
  readonly backoffMs: readonly number[]
  /** Told of every attempt that was answered, or that the model counts tokens for. */
  readonly onCall?: (usage: Usage) => void
  readonly signal?: AbortSignal
}

/** A model's whole answer as text; reasoning is no part of it. */
export async function replyOf(model: ChatModel, request: ModelRequest, options: ReplyOptions): Promise<Result<Reply>> {
  for (let attempt = 1; ; attempt += 1) {
    const { reply, failure, retryable } = await attemptOnce(model, request, options.signal)
    if (failure === null || reply.usage !== undefined) options.onCall?.(reply.usage ?? NO_USAGE)
    if (failure === null) return done(reply)
    const delay = retryable && options.signal?.aborted !== true ? options.backoffMs[attempt - 1] : undefined
    if (delay === undefined) return failed(failure)
    await sleep(delay, undefined, { signal: options.signal }).catch(() => undefined)
  }
}

async function attemptOnce(model: ChatModel, request: ModelRequest, signal: AbortSignal | undefined) {
  let text = ''
  let usage: Usage | undefined
  let ending: { readonly failure: Failure | null; readonly retryable: boolean } = { failure: CUT_OFF, retryable: true }
  const warnings: string[] = []
  for await (const event of model.stream(request, signal)) {
    if (event.type === 'text') text += event.text
    else if (event.type === 'usage') usage = event.usage
    else if (event.type === 'warning') warnings.push(event.text)
    else if (event.type === 'failure') ending = { failure: event.failure, retryable: event.retryable }
    else if (event.type === 'stop') ending = { failure: null, retryable: false }
  }
  return { reply: { text, warnings, ...(usage === undefined ? {} : { usage }) }, ...ending }
}

const CUT_OFF: Failure = {
  kind: 'underway',
  code: 'model.cut-off',
  message: 'the response ended without a stop reason',
}

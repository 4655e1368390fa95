import { APICallError, InvalidResponseDataError, UnsupportedFunctionalityError } from '@ai-sdk/provider'
import { z } from 'zod'
import type { Failure } from '../../../nouns/index.js'
import type { ModelEvent, Refusal } from '../model.js'

/** Where a model is, and what its user can do when it cannot be reached or refuses. */
export interface Place {
  readonly where: string
  readonly reachRemedy: string
  readonly keyRemedy: string
}

type FailureEvent = Extract<ModelEvent, { type: 'failure' }>

/** Whatever a provider threw or sent instead of a response. Keys and headers are never in it. */
export function failureEvent(error: unknown, place: Place, signal: AbortSignal | undefined): FailureEvent {
  if (signal?.aborted === true) {
    const failure: Failure = { kind: 'interrupted', code: 'model.interrupted', message: 'the model was interrupted' }
    return { type: 'failure', retryable: false, failure }
  }
  if (APICallError.isInstance(error)) return ofCall(error, place)
  if (UnsupportedFunctionalityError.isInstance(error)) {
    const remedy = 'leave it out, or choose a model that takes it'
    const failure: Failure = {
      kind: 'input',
      code: 'model.unsupported',
      message: error.message,
      where: place.where,
      remedy,
    }
    return event(failure, false)
  }
  // A response that breaks off or cannot be read may come whole the next time.
  const code = InvalidResponseDataError.isInstance(error) ? 'model.cut-off' : 'model.bad-response'
  return event({ kind: 'underway', code, message: messageOf(error), where: place.where }, true)
}

function ofCall(error: APICallError, place: Place): FailureEvent {
  const { where, reachRemedy, keyRemedy } = place
  const { statusCode } = error
  const message = bodyMessage(error.responseBody) ?? error.message
  const failure = (kind: Failure['kind'], code: string, remedy?: string): Failure => ({
    kind,
    code,
    message: statusCode === undefined ? message : `${message} (HTTP ${statusCode})`,
    where,
    ...(remedy === undefined ? {} : { remedy }),
  })
  if (statusCode === undefined) return event(failure('missing', 'model.unreachable', reachRemedy), error.isRetryable)
  if (statusCode === 401 || statusCode === 403) return event(failure('input', 'model.denied', keyRemedy), false)
  if (statusCode === 429)
    return event(failure('underway', 'model.rate-limited', 'wait, or lower the concurrency'), true)
  if (error.isRetryable) return event(failure('underway', 'model.failed', 'run the same command again'), true)
  if (isTooLong(message))
    return event(failure('input', 'model.context-exceeded', 'shorten the task, or lower maxTokens'), false)
  const refused = event(failure('input', 'model.refused', 'check the model’s name and what it supports'), false)
  const refusal = refusalIn(error.responseBody)
  return refusal === null ? refused : { ...refused, refusal }
}

const event = (failure: Failure, retryable: boolean): FailureEvent => ({ type: 'failure', failure, retryable })

/** What OpenAI, vLLM, llama.cpp, Anthropic and Gemini say of a conversation that does not fit. */
const isTooLong = (message: string): boolean =>
  /context.?(length|window|size)|maximum.{0,20}tokens|prompt is too long|too many tokens|exceeds the maximum number of tokens/i.test(
    message,
  )

const MAX_MESSAGE_CHARACTERS = 500

/** `{"error": {"message"}}`, `{"error": "…"}`, or FastAPI's `{"detail"}`; else the head of the body. */
function bodyMessage(body: string | undefined): string | undefined {
  if (body === undefined || body.trim() === '') return undefined
  return (told(body) ?? body).slice(0, MAX_MESSAGE_CHARACTERS)
}

/** OpenAI's errors and FastAPI's `detail` with the same fields; null for anything else. */
const Refused = z
  .object({ message: z.string(), param: z.string().nullish(), code: z.string().nullish() })
  .transform(({ message, param = null, code = null }): Refusal => ({ message, param, code }))
const RefusedBody = z.union([
  z.object({ error: Refused }).transform(({ error }) => error),
  z.object({ detail: Refused }).transform(({ detail }) => detail),
])

function refusalIn(body: string | undefined): Refusal | null {
  try {
    return RefusedBody.safeParse(JSON.parse(body ?? '')).data ?? null
  } catch {
    return null
  }
}

function told(body: string): string | undefined {
  try {
    return messageIn(JSON.parse(body) as unknown)
  } catch {
    return undefined
  }
}

function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (value === null || typeof value !== 'object') return undefined
  if ('message' in value && typeof value.message === 'string') return value.message
  const inner = 'error' in value ? value.error : 'detail' in value ? value.detail : undefined
  return typeof inner === 'object' && inner !== null ? (messageIn(inner) ?? JSON.stringify(inner)) : messageIn(inner)
}

const messageOf = (error: unknown): string =>
  messageIn(error instanceof Error ? error.message : error) ?? 'the provider reported an error without a message'

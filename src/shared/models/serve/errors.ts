import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import type { Failure } from '../../../nouns/index.js'
import type { ModelEvent } from '../model.js'
import { wordsOf } from './words.js'

/** An error as OpenAI's API words it. */
export interface WireError {
  readonly status: ContentfulStatusCode
  readonly body: { readonly error: { message: string; type: string; param: string | null; code: string } }
}

export function wireError(
  status: ContentfulStatusCode,
  code: string,
  message: string,
  param: string | null = null,
): WireError {
  const type = status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_error' : 'invalid_request_error'
  return { status, body: { error: { message, type, param, code } } }
}

/** The first thing that is wrong with a request, by the parameter's name. */
export function requestError(error: z.ZodError, served: string): WireError {
  const [issue] = error.issues
  if (issue?.code === 'unrecognized_keys') {
    const [key] = issue.keys
    const name = [...issue.path, key].join('.')
    return wireError(
      400,
      'unsupported_parameter',
      `Unsupported parameter: ${name} has no effect on ${served}, as limi serves it; leave it out.`,
      name,
    )
  }
  const name = issue?.path.join('.') ?? ''
  const code = issue?.code === 'invalid_value' ? 'unsupported_value' : 'invalid_type'
  return wireError(400, code, wordsOf(issue, served), name)
}

/** A model's failure as the error of the response; one that may pass is worth a client's retry. */
export function failureError(event: Extract<ModelEvent, { type: 'failure' }>): WireError {
  const { failure, retryable, refusal } = event
  if (failure.code === 'model.context-exceeded') {
    return wireError(400, 'context_length_exceeded', failure.message.replace(/ \(HTTP \d+\)$/, ''), 'messages')
  }
  if (refusal !== undefined) return wireError(400, refusal.code ?? failure.code, refusal.message, refusal.param)
  if (failure.code === 'model.part-unsupported') {
    return wireError(400, 'unsupported_value', spoken(failure), contentAt(failure.where))
  }
  return wireError(statusOf(failure, retryable), failure.code, spoken(failure))
}

/** Messages of a request are m1, m2 and so on. */
const contentAt = (id = ''): string => `messages.${Number(id.slice(1)) - 1}.content`

/** What stands behind could not be reached, or is gone. */
const GATEWAY = ['server.died', 'model.unreachable']

function statusOf(failure: Failure, retryable: boolean): ContentfulStatusCode {
  if (GATEWAY.includes(failure.code)) return 502
  if (failure.code === 'model.rate-limited') return 429
  if (retryable || failure.kind === 'interrupted') return 503
  return failure.kind === 'input' ? 400 : 500
}

const spoken = ({ message, remedy }: Failure): string => (remedy === undefined ? message : `${message}; ${remedy}`)

/** A parameter that the model behind does not take. */
export const parameterError = (parameter: string, text: string): WireError =>
  wireError(400, 'unsupported_parameter', `Unsupported parameter: ${parameter}. ${text}`, parameter)

/** A text that no tokenizer takes. */
export const notUnicode = (param: string): WireError =>
  wireError(
    400,
    'invalid_value',
    `${param} holds half of a surrogate pair, which is no character: send whole Unicode.`,
    param,
  )

export const unknownModel = (asked: string, served: string): WireError =>
  wireError(
    404,
    'model_not_found',
    `The model ${JSON.stringify(asked)} is not served here; ${JSON.stringify(served)} is.`,
    'model',
  )

export const reply = (context: Context, { status, body }: WireError): Response => context.json(body, status)

import type { z } from 'zod'
import type { Failure } from '../../../nouns/index.js'
import type { ModelEvent } from '../../models/index.js'
import type { WireProblem } from '../dialect.js'
import { wordsOf } from './words.js'

const problem = (status: number, code: string, message: string, param: string | null = null): WireProblem => ({
  status,
  code,
  message,
  param,
})

/** The first thing that is wrong with a request, by the parameter's name. */
export function requestProblem(error: z.ZodError, served: string): WireProblem {
  const [issue] = error.issues
  if (issue?.code === 'unrecognized_keys') {
    const [key] = issue.keys
    const name = [...issue.path, key].join('.')
    return problem(
      400,
      'unsupported_parameter',
      `Unsupported parameter: ${name} has no effect on ${served}, as limi serves it; leave it out.`,
      name,
    )
  }
  const name = issue?.path.join('.') ?? ''
  const code = issue?.code === 'invalid_value' ? 'unsupported_value' : 'invalid_type'
  return problem(400, code, wordsOf(issue, served), name)
}

/** A model's failure as the error of the response; one that may pass is worth a client's retry. */
export function failureProblem(event: Extract<ModelEvent, { type: 'failure' }>): WireProblem {
  const { failure, retryable, refusal } = event
  if (failure.code === 'model.context-exceeded') {
    return problem(400, 'context_length_exceeded', failure.message.replace(/ \(HTTP \d+\)$/, ''), 'messages')
  }
  if (refusal !== undefined) return problem(400, refusal.code ?? failure.code, refusal.message, refusal.param)
  if (failure.code === 'model.part-unsupported') {
    return problem(400, 'unsupported_value', spoken(failure), contentAt(failure.where))
  }
  return problem(statusOf(failure, retryable), failure.code, spoken(failure))
}

/** A body that a dialect cannot read. */
export const failureOf = ({ code, message, where }: Failure): WireProblem => problem(400, code, message, where ?? null)

/** Messages of a request are m1, m2 and so on. */
const contentAt = (id = ''): string => `messages.${Number(id.slice(1)) - 1}.content`

/** What stands behind could not be reached, or is gone. */
const GATEWAY = ['server.died', 'model.unreachable']

function statusOf(failure: Failure, retryable: boolean): number {
  const scripted = /^script\.status-(\d{3})$/.exec(failure.code)?.[1]
  if (scripted !== undefined) return Number(scripted)
  if (GATEWAY.includes(failure.code)) return 502
  if (failure.code === 'model.rate-limited') return 429
  if (retryable || failure.kind === 'interrupted') return 503
  return failure.kind === 'input' ? 400 : 500
}

const spoken = ({ message, remedy }: Failure): string => (remedy === undefined ? message : `${message}; ${remedy}`)

/** A parameter that the model behind does not take. */
export const parameterProblem = (parameter: string, text: string): WireProblem =>
  problem(400, 'unsupported_parameter', `Unsupported parameter: ${parameter}. ${text}`, parameter)

/** A text that no tokenizer takes. */
export const notUnicode = (param: string): WireProblem =>
  problem(
    400,
    'invalid_value',
    `${param} holds half of a surrogate pair, which is no character: send whole Unicode.`,
    param,
  )

export const NOT_JSON = problem(400, 'invalid_json', 'The request is not JSON.')

export const tooLarge = (bytes: number): WireProblem =>
  problem(413, 'request_too_large', `A request may have ${bytes} bytes.`)

export const noSuchPlace = (path: string): WireProblem => problem(404, 'not_found', `There is no ${path} here.`)

export const NO_COUNTING = problem(404, 'not_found', 'Tokens are not counted here.')

export const fault = (error: Error): WireProblem => problem(500, 'server_error', error.message)

export const WRONG_KEY = problem(401, 'invalid_api_key', 'Incorrect API key provided.')

export const strangePage = (origin: string): WireProblem =>
  problem(403, 'origin_refused', `A page of ${origin} may not use this server without a key.`)

export const unknownModel = (asked: string, served: string): WireProblem =>
  problem(
    404,
    'model_not_found',
    `The model ${JSON.stringify(asked)} is not served here; ${JSON.stringify(served)} is.`,
    'model',
  )

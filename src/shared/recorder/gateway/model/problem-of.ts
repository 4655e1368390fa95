import type { Failure } from '../../../../nouns/index.js'
import type { ModelEvent } from '../../../models/index.js'
import type { WireProblem } from '../../../wire/index.js'

/** What stands behind could not be reached, or is gone. */
const GATEWAY = ['server.died', 'model.unreachable']

/** A model's failure as an error of HTTP: one that may pass is worth an agent's retry, and a refused request is none of the model's. */
export function problemOf({ failure, retryable, refusal }: Extract<ModelEvent, { type: 'failure' }>): WireProblem {
  const { code, message, remedy } = failure
  if (code === 'model.context-exceeded')
    return { status: 400, code: 'context_length_exceeded', message, param: 'messages' }
  if (refusal !== undefined)
    return { status: 400, code: refusal.code ?? code, message: refusal.message, param: refusal.param }
  return {
    status: statusOf(failure, retryable),
    code,
    message: remedy === undefined ? message : `${message}; ${remedy}`,
  }
}

function statusOf({ code, kind }: Failure, retryable: boolean): number {
  const scripted = /^script\.status-(\d{3})$/.exec(code)?.[1]
  if (scripted !== undefined) return Number(scripted)
  if (GATEWAY.includes(code)) return 502
  if (code === 'model.rate-limited') return 429
  if (retryable || kind === 'interrupted') return 503
  return kind === 'input' ? 400 : 500
}

import type { WireProblem } from '../dialect.js'
import { namedMessage } from '../request-parts.js'
import type { WireEvent } from './write.js'

/** Types of errors by HTTP status (docs.claude.com, "Errors"). */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** An error as Messages words it; what it is about stands before its message. */
export function problem(cause: WireProblem): WireEvent {
  const type = TYPES[cause.status] ?? (cause.status >= 500 ? 'api_error' : 'invalid_request_error')
  return { type: 'error', error: { type, message: namedMessage(cause) }, request_id: null }
}

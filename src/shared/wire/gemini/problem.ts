import type { WireProblem } from '../dialect.js'
import { namedMessage } from '../request-parts.js'

/** Codes of `google.rpc.Code` by HTTP status. */
const STATUS: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** An error as Google words it; what it is about stands before its message. */
export function problem(cause: WireProblem): object {
  const { status } = cause
  const word = STATUS[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT')
  return { error: { code: status, message: namedMessage(cause), status: word } }
}

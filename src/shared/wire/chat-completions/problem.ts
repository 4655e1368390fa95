import type { WireProblem } from '../dialect.js'

/** An error as OpenAI's API words it. */
export const problem = ({ status, code, message, param }: WireProblem) => ({
  error: { message, type: typeOf(status), param: param ?? null, code },
})

function typeOf(status: number): string {
  if (status >= 500) return 'server_error'
  return status === 429 ? 'rate_limit_error' : 'invalid_request_error'
}

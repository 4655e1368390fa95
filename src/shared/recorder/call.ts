import type { CallIdentity } from '../agents/index.js'
import type { DialectName, WireRequest, WireResponse } from '../wire/index.js'

/** One exchange with a model, as it went over the wire. Calls are in the order of their requests. */
export interface RecordedCall {
  /** `c1`, `c2`… in the order of requests. */
  readonly id: string
  readonly dialect: DialectName
  /** ISO 8601, when the request came. */
  readonly time: string
  readonly durationMs?: number
  readonly identity: CallIdentity
  readonly request: WireRequest
  /** HTTP status; absent where nothing came back. */
  readonly status?: number
  readonly response?: WireResponse
}

import type { DialectName, WireRequest, WireResponse } from '../wire/index.js'

/** Who called: the run's path token is certain, what a vendor's headers and bodies say is a hint. */
export interface CallIdentity {
  /** The vendor's own name of the session, where it sends one. */
  readonly session?: string
  /** The vendor's name of the sub-agent, or its kind, where it says that one is calling. */
  readonly subagent?: string
  /** What the vendor says the call is for, as `title` or `compact`. */
  readonly purpose?: string
}

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

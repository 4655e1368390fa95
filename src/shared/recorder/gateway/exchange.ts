import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallEnd } from '../log/index.js'
import type { CallTap, Tap } from '../tap.js'

/** One request of an agent, and what it is answered with. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Path and query after the route's name. */
  readonly rest: string
  /** Path at the model's own address. */
  readonly path: string
  readonly tap: Tap
  readonly call: CallTap
  /** Tells how it ended; what is told later is not heard. */
  readonly end: (how: CallEnd, problem?: string) => void
  readonly warn: (line: string) => void
}

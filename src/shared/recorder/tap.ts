import type { RawHeaders } from './headers.js'
import type { CallEnd } from './log/index.js'

/** A request as its head came. */
export interface TappedRequest {
  readonly route: string
  readonly method: string
  /** Path and query after the route's name, as it came. */
  readonly url: string
  /** The path at the model's own address: the base URL's, and the request's behind it. */
  readonly path: string
  readonly headers: RawHeaders
}

/** What is told of one exchange as it goes by, keys and all. Bytes may be used again once a method returns. */
export interface CallTap {
  requestBytes(bytes: Uint8Array): void
  requestEnd(isWhole: boolean): void
  response(status: number, headers: RawHeaders): void
  responseBytes(bytes: Uint8Array): void
  end(how: CallEnd, problem?: string): void
}

/** Takes part in everything that goes by, and holds nothing up but where `hasRoom` says so. */
export interface Tap {
  open(request: TappedRequest): CallTap
  /** False where so much waits to be written that no more should be read from any connection. */
  hasRoom(): boolean
  /** Resolves when there is room again. */
  room(): Promise<void>
}

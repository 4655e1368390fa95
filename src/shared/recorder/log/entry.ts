import type { HeaderPairs } from '../redact/index.js'

/** Part of a body: text as it is, bytes that are no text, or the blobs from one number to another. */
export type Piece = string | { readonly base64: string } | readonly [first: number, last: number]

/** How an exchange ended. */
export type CallEnd =
  | 'complete'
  /** The agent went away before the answer was whole. */
  | 'client-gone'
  /** The connection to the model broke, or never came about. */
  | 'upstream-gone'
  /** The recorder was closed meanwhile. */
  | 'cut'

/** Milliseconds since the call's request, and what came. */
export type TimedPiece = readonly [ms: number, piece: Piece]

/** A line of `wire.jsonl`. */
export type LogLine =
  | { readonly type: 'blob'; readonly id: number; readonly digest: string; readonly text: string }
  | { readonly type: 'blob'; readonly id: number; readonly digest: string; readonly base64: string }
  | {
      readonly type: 'request'
      readonly call: string
      /** ISO 8601. */
      readonly time: string
      readonly route: string
      readonly method: string
      /** Path and query, after the route's name. */
      readonly url: string
      readonly headers: HeaderPairs
    }
  | {
      readonly type: 'request-body'
      readonly call: string
      readonly ms: number
      readonly body: readonly Piece[]
      /** How the body still is compressed, where it could not be read. */
      readonly encoding?: string
      /** Not all of it came. */
      readonly isCut?: true
    }
  | {
      readonly type: 'response'
      readonly call: string
      readonly ms: number
      readonly status: number
      readonly headers: HeaderPairs
    }
  | {
      readonly type: 'chunks'
      readonly call: string
      readonly chunks: readonly TimedPiece[]
      readonly encoding?: string
    }
  | {
      readonly type: 'end'
      readonly call: string
      readonly ms: number
      readonly how: CallEnd
      readonly problem?: string
    }
  /** Something that a reader of the log should know. */
  | { readonly type: 'note'; readonly call?: string; readonly text: string }

export const LOG_FILE = 'wire.jsonl'

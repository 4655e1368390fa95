import type { Result, TrajectoryHeader } from '../../../nouns/index.js'
import type { RawHeaders } from '../headers.js'
import type { CallEnd } from '../log/index.js'
import type { Recorded, RecordingEnd } from '../recorder.js'

/** What the thread that moves bytes tells the one that writes, as it came and in the order in which it came: what it tells is yet to be redacted. */
export type Note =
  | {
      readonly type: 'request'
      readonly call: string
      /** Milliseconds since 1970. */
      readonly time: number
      readonly route: string
      readonly method: string
      readonly url: string
      readonly path: string
      readonly headers: RawHeaders
    }
  | { readonly type: 'request-bytes'; readonly call: string; readonly bytes: Uint8Array }
  | { readonly type: 'request-end'; readonly call: string; readonly ms: number; readonly isWhole: boolean }
  | {
      readonly type: 'response'
      readonly call: string
      readonly ms: number
      readonly status: number
      readonly headers: RawHeaders
    }
  | { readonly type: 'response-bytes'; readonly call: string; readonly ms: number; readonly bytes: Uint8Array }
  | {
      readonly type: 'end'
      readonly call: string
      readonly ms: number
      readonly how: CallEnd
      readonly problem?: string
    }

export type Demand = { readonly kind: 'so-far' } | { readonly kind: 'close'; readonly end: RecordingEnd }

export type ToScribe =
  | { readonly type: 'notes'; readonly notes: readonly Note[]; readonly bytes: number }
  | { readonly type: 'demand'; readonly demand: Demand }

export type FromScribe =
  /** So many bytes are written. */
  | { readonly type: 'written'; readonly bytes: number }
  | { readonly type: 'warn'; readonly line: string }
  | { readonly type: 'answer'; readonly result: Result<Recorded> }

/** What is written where. */
export interface ScribePlan {
  readonly folder: string
  readonly file: string
  readonly header: TrajectoryHeader
  readonly agent: string
  readonly command: readonly string[]
  /** Route names and who answers them. */
  readonly routes: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
}

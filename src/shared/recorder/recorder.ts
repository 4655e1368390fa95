import type { Outcome, Result, RoundRecord, TrajectoryHeader, Usage } from '../../nouns/index.js'
import type { ChatModel } from '../models/index.js'

/** Who answers the calls of one route. */
export type Upstream =
  /** The same dialect, bytes unmodified; `baseUrl` without a slash at its end. */
  | { readonly kind: 'pass'; readonly baseUrl: string }
  /** Translated from whatever dialect is asked in. */
  | { readonly kind: 'model'; readonly model: ChatModel }

export interface RecorderRoute {
  readonly name: string
  readonly upstream: Upstream
}

/** What stands between an agent and its model for one run. */
export interface RecorderPlan {
  /** `recordings/<run>/`: made, and filled with what went over the wire. */
  readonly folder: string
  /** The trajectory's file, rewritten as calls end; in it the model is whom the first call names, where the header says `unknown`. */
  readonly file: string
  readonly header: TrajectoryHeader
  /** Name of a known agent, by whose habits calls are read. */
  readonly agent: string
  readonly routes: readonly RecorderRoute[]
  /** For `recordings/<run>/meta.json`. */
  readonly command: readonly string[]
  readonly warn: (line: string) => void
}

/** What a session has come to. */
export interface Recorded {
  readonly calls: number
  readonly threads: number
  readonly messages: number
  readonly toolCalls: number
  readonly asides: number
  /** Whether every call ended as it should. */
  readonly whole: boolean
  readonly model: string
  readonly usage: Usage
  /** The last words of the main line's model to the person. */
  readonly answer: string
  readonly oddities: readonly string[]
  /** Requests that were no call to a model, or in a language that is not known; the first few of their paths. */
  readonly others: { readonly count: number; readonly paths: readonly string[] }
}

/** What became known at the end. */
export interface RecordingEnd {
  readonly rounds: readonly RoundRecord[]
  /** When each round began, ISO 8601, the first first: messages are marked by it where there are rounds. */
  readonly roundStarts: readonly string[]
  readonly outcome: Outcome
  readonly note?: string
  /** False where the session was broken off: the trajectory stays without its `end`. */
  readonly whole: boolean
}

export interface Recorder {
  /** The address that stands for a route's base URL, without a slash at its end. */
  urlOf(route: string): string
  /** Of all calls that ended so far, and are written. */
  soFar(): Promise<Result<Recorded>>
  /** Ends open calls, writes rounds, outcome and end, and frees everything. */
  close(end: RecordingEnd): Promise<Result<Recorded>>
}

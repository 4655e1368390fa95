import type { Outcome } from '../../../nouns/index.js'

export interface RecordPlan {
  /** The agent's program and its arguments; empty where it is started elsewhere. */
  readonly command: readonly string[]
  /** What a program started elsewhere needs is shown, in place of starting one. */
  readonly printEnv: boolean
  readonly query?: string
  readonly workspace?: string
  readonly rounds: number
  /** A model by the grammar of names, or an API's base URL. */
  readonly upstream?: string
  readonly agent?: string
  readonly outcome?: Outcome['status']
  readonly note?: string
  /** Standard output is for one JSON document: the agent's own goes to standard error. */
  readonly json: boolean
}

/** What a session came to; threads, messages, toolCalls and asides are counts. */
export interface RecordedSession {
  readonly trajectory: string
  readonly threads: number
  readonly messages: number
  readonly toolCalls: number
  readonly asides: number
  readonly complete: boolean
  readonly outcome: Outcome['status']
  /** Of the agent's program, as a shell tells it. */
  readonly exitCode: number
}

/** Keeps Ctrl-C and a closed terminal away from this process while another program has them. */
export type HandOver = <T>(work: () => Promise<T>) => Promise<T>

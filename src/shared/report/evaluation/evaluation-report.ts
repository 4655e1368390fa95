import type { Rate } from '../../../nouns/index.js'

/** What the page of an evaluation shows. */
export interface EvaluationReport {
  readonly id: string
  readonly benchmark: string
  readonly agent: string
  readonly model: string
  /** R. */
  readonly rounds: number
  /** Trials that are to be made, and those that are. */
  readonly planned: number
  readonly done: number
  /** What the reader must know before the figures. */
  readonly warnings: readonly string[]
  /** The metrics of all tasks, then of each suite where there are several. */
  readonly measured: readonly MeasuredPart[]
  /** Rows by what went wrong; the first is those of which nothing did. */
  readonly causes: readonly { readonly cause: string; readonly rows: number }[]
  /** What judges took, in words; null where no model was asked. */
  readonly judging: string | null
  readonly rows: readonly EvaluatedRow[]
}

export interface MeasuredPart {
  readonly name: string
  readonly metrics: Readonly<Record<string, Rate>>
}

/** One subtask in one trial. */
export interface EvaluatedRow {
  readonly task: string
  readonly subtask: number
  readonly suite: string
  readonly trial: number
  readonly rounds: readonly EvaluatedRound[]
  readonly cause: string | null
  /** False where it counts nowhere. */
  readonly measured: boolean
  readonly tokens: number
  readonly seconds: number
  readonly cost: number | null
  readonly trajectory: string | null
}

export interface EvaluatedRound {
  readonly score: number
  readonly max: number
  readonly passed: boolean
  readonly requirements: readonly {
    readonly id: string
    readonly passed: boolean
    readonly evidence: string
  }[]
}

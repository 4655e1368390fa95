import type { Cause, Failure, Query, Score, Usage } from '../../nouns/index.js'
import type { Agent, TrajectorySink } from '../agents/index.js'
import type { ChatModel } from '../models/index.js'
import type { Change, SandboxProvider } from '../sandboxes/index.js'
import type { JudgingAccount, Scorer } from '../scoring/index.js'

/** One agent, one task, up to R rounds: collection and evaluation share it. */
export interface RolloutPlan {
  readonly query: Query
  readonly agent: Agent
  readonly model: ChatModel
  readonly scorer: Scorer
  /** Who pays for models that judge. */
  readonly account?: JudgingAccount
  /** R: rounds at most; success ends them. */
  readonly rounds: number
  readonly sink: TrajectorySink
  readonly signal?: AbortSignal
}

/** A rollout with a workspace of its own, begun as its query says. */
export interface FreshRolloutPlan extends RolloutPlan {
  readonly sandboxes: SandboxProvider
}

export interface Rollout {
  /** One entry a round actually played. */
  readonly rounds: readonly Score[]
  readonly answer: string
  readonly diff: Readonly<Record<string, Change>>
  readonly usage: Usage
  /** Model calls answered. */
  readonly turns: number
  /** Actions carried out. */
  readonly calls: number
  readonly cause: Cause
  /** False where it was not scored, though its cause is one that counts: a budget stopped the judge. */
  readonly measured?: false
  readonly failure?: Failure
  readonly seconds: number
}

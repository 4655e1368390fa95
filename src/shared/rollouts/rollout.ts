import type { Amendment, Cause, Failure, Query, Score, TrajectoryEvent, Usage } from '../../nouns/index.js'
import type { Agent, TrajectorySink } from '../agents/index.js'
import type { ChatModel } from '../models/index.js'
import type { Change, Sandbox, Snapshot } from '../sandboxes/index.js'
import type { JudgingAccount, Scorer } from '../scoring/index.js'
import type { Feedback, RoundFeedback } from './feedback.js'
import type { Workspaces } from './workspaces.js'

/** One agent, one task, up to R rounds: collection and evaluation share it. */
export interface RolloutPlan {
  readonly query: Query
  readonly agent: Agent
  readonly model: ChatModel
  readonly scorer: Scorer
  /** Who pays for models that judge, and for one that speaks as the person. */
  readonly account?: JudgingAccount
  /** Who speaks for the person; the scorer's own feedback where not given. */
  readonly feedback?: Feedback
  /** R: rounds at most; success ends them. */
  readonly rounds: number
  readonly sink: TrajectorySink
  /**
   * Called when a rollout is over, before its outcome is written and while its workspace still stands: to keep what would be gone with it.
   * What it returns is amended to the trajectory. Not called after an interruption, nor where there was no workspace.
   */
  readonly conclude?: (ending: RolloutEnding) => Promise<Amendment>
  /** A folder for what the agent leaves beside its trajectory. */
  readonly evidence?: string
  /** Told of what the model answers as it happens, where the agent tells the sink of it at the end only. */
  readonly watch?: (event: TrajectoryEvent) => void
  readonly signal?: AbortSignal
}

export interface RolloutEnding {
  readonly rollout: Rollout
  /** As the agent left it; whoever is called may change it. */
  readonly sandbox: Sandbox
  /** As the agent found it. */
  readonly start: Snapshot
}

/** A rollout with a workspace of its own, begun as its query says. */
export interface FreshRolloutPlan extends RolloutPlan {
  readonly workspaces: Workspaces
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
  /** What was said after each round that failed and was not the last. */
  readonly feedback: readonly RoundFeedback[]
  readonly seconds: number
}

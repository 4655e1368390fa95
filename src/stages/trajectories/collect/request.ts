import type {
  Cause,
  Failure,
  Outcome,
  Price,
  Query,
  Result,
  TrajectoryEvent,
  TrajectoryHeader,
  Usage,
} from '../../../nouns/index.js'
import type { Agent, TrajectoryWriter } from '../../../shared/agents/index.js'
import type { ChatModel } from '../../../shared/models/index.js'
import type { Feedback, Workspaces } from '../../../shared/rollouts/index.js'
import type { Scorer } from '../../../shared/scoring/index.js'
import type { Budget } from './purse.js'
import type { PlannedRollout } from './plan.js'

/**
 * Opens a rollout's trajectory; `watch` is told of every event as it is written. Who writes it depends on the agent: of the built-in loop
 * every event goes through the writer as it happens; a program's come in the end, and what its model answers is told as it happens by
 * other means.
 */
export type OpenRollout = (
  header: TrajectoryHeader,
  watch: (event: TrajectoryEvent) => void,
) => Promise<Result<TrajectoryWriter>>

/** An agent with its model, as a campaign sends it out. */
export interface Collector {
  /** The agent's name in limi.yaml. */
  readonly name: string
  readonly agent: Agent
  readonly model: ChatModel
  /** The model's, where it has one: rollouts then have a cost. */
  readonly price?: Price | undefined
  readonly source: 'built-in' | 'recorded'
  readonly openTrajectory: OpenRollout
}

export interface CollectRequest {
  /** The rollouts of a campaign in the order in which they begin: {@link planRollouts}. Those that are `kept` are only reported. */
  readonly rollouts: readonly PlannedRollout[]
  /** By name. */
  readonly collectors: ReadonlyMap<string, Collector>
  readonly workspaces: Workspaces
  scorerFor(query: Query): Result<Scorer>
  /** Rounds of one rollout at most. */
  readonly rounds: number
  /** Who speaks for the person between rounds; the scorer where not given. */
  readonly feedback?: Feedback | undefined
  /** Folder of evidence: a folder a rollout is made in it. */
  readonly recordings: string
  readonly campaign: string
  /** Rollouts at the same time. */
  readonly concurrency: number
  readonly budget?: Budget
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CollectProgress) => void
  /** Told of everything that was tried again or left out. */
  readonly onLine?: (line: string) => void
  /** Milliseconds before each further attempt at a rollout that met a fault outside agent and task; 1 and 10 seconds where not given. */
  readonly backoffMs?: readonly number[]
}

export type CollectProgress =
  | { readonly kind: 'begun'; readonly rollout: PlannedRollout }
  /** Something was said or done in it. */
  | { readonly kind: 'acted'; readonly rollout: PlannedRollout; readonly round: number; readonly action: string }
  /** `finished` counts those that have a result, those of earlier runs included. */
  | {
      readonly kind: 'ended'
      readonly rollout: PlannedRollout
      readonly row: CollectedRollout
      readonly finished: number
      readonly total: number
    }

/**
 * - `made` now or `kept` from before: it has a result;
 * - `failed`: a fault outside agent and task persisted;
 * - `ended`: it was at work when the budget was spent or the command was stopped;
 * - `not-begun`.
 *
 * All but the first two are made when the same command is run again.
 */
export type CollectedStatus = 'made' | 'kept' | 'failed' | 'ended' | 'not-begun'

/** What became of one rollout. */
export interface CollectedRollout {
  /** The trajectory's id. */
  readonly id: string
  readonly query: string
  readonly agent: string
  /** 1-based. */
  readonly attempt: number
  readonly status: CollectedStatus
  readonly outcome?: Outcome['status']
  readonly score?: number
  readonly max?: number
  readonly cause?: Cause
  /** Rounds played. */
  readonly rounds?: number
  /** The agent's. */
  readonly usage?: Usage
  /** Of agent, judges and simulated user, tries that were broken off included; absent where no price is known. */
  readonly cost?: number
  readonly seconds?: number
  readonly failure?: Failure
}

export interface Collected {
  readonly made: number
  readonly kept: number
  readonly failed: readonly { readonly id: string; readonly query: string; readonly failure: Failure }[]
  /** Not begun, or not finished. */
  readonly interrupted: number
  /** Every rollout, in the order of the plan. */
  readonly rollouts: readonly CollectedRollout[]
  /** Of the whole work list, what was kept included. */
  readonly usage: Usage
  readonly cost?: number
  /** Why not all could be made: the budget, or faults one after another. */
  readonly stopped?: Failure
}

import type { Cause, Failure, Result, TrajectoryEvent, TrajectoryHeader, Usage } from '../../nouns/index.js'
import type { ChatModel } from '../models/index.js'
import type { Sandbox } from '../sandboxes/index.js'

/** Receives every event of a trajectory in order; resolved means saved. */
export interface TrajectorySink {
  append(event: TrajectoryEvent): Promise<void>
}

/** A sink with a file behind it. */
export interface TrajectoryWriter extends TrajectorySink {
  close(): Promise<void>
}

/** Opens a new trajectory; a stage that makes some is given one of these and never knows where they lie. */
export type OpenTrajectory = (header: TrajectoryHeader) => Promise<Result<TrajectoryWriter>>

/** How the agent's turn ended. */
export interface TurnEnd {
  /** The agent's last words to the person; empty where it said nothing. */
  readonly answer: string
  readonly stop: 'answered' | 'turn-limit' | 'token-limit' | 'time-limit' | 'budget' | 'aborted' | 'failed'
  /** Null unless something other than the task itself went wrong. */
  readonly cause: Cause
  readonly failure?: Failure
  readonly usage: Usage
}

/** One conversation; each `send` is a person's message and continues it. */
export interface AgentSession {
  send(text: string, round: number): Promise<TurnEnd>
  close(): Promise<void>
}

export interface AgentContext {
  readonly sandbox: Sandbox
  readonly model: ChatModel
  readonly sink: TrajectorySink
  /** A folder for what is left beside the trajectory: the wire log, what a program printed. */
  readonly evidence?: string
  /** Told of what the model answers as it happens, by agents that tell the sink of it at the end only. */
  readonly watch?: (event: TrajectoryEvent) => void
  readonly signal?: AbortSignal
}

/** Who acts. */
export interface Agent {
  readonly name: string
  /** What of this machine it must see in its sandbox: a program's own files. */
  readonly readable?: readonly string[]
  open(context: AgentContext): Promise<AgentSession>
}

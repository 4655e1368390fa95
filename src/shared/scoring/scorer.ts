import type { Query, Score } from '../../nouns/index.js'
import type { Change, Sandbox } from '../sandboxes/index.js'
import type { JudgingAccount } from './account.js'

export interface ScoringInput {
  readonly query: Query
  readonly sandbox: Sandbox
  /** The agent's last words. */
  readonly answer: string
  /** What became of the workspace's files since the agent was given it; asked for only where a scorer needs it. */
  readonly changes?: () => Promise<Readonly<Record<string, Change>>>
  /** Who pays for the models that judge. */
  readonly account?: JudgingAccount
  readonly signal?: AbortSignal
}

/** Says what a state is worth. Leaves the workspace as it found it. */
export interface Scorer {
  score(input: ScoringInput): Promise<Score>
}

import type { Message, Query, Result, Score } from '../../nouns/index.js'
import type { JudgingAccount } from '../scoring/index.js'

/** Who speaks for the person when a round has failed and another is left. */
export interface Feedback {
  /** The person's next message. A failure: nobody could say anything; the rollout then ends with the cause `user-simulator`. */
  say(given: FeedbackGiven): Promise<Result<FeedbackSaid>>
}

export interface FeedbackGiven {
  readonly query: Query
  /** 1-based: the round that failed. */
  readonly round: number
  readonly score: Score
  /** The agent's last words. */
  readonly answer: string
  /** All that was said and shown so far, as far as it went through the rollout's sink. */
  readonly seen: readonly Message[]
  /** Who pays for a model that speaks. */
  readonly account?: JudgingAccount
  readonly signal?: AbortSignal
}

export interface FeedbackSaid {
  readonly text: string
  readonly by: 'scorer' | 'simulated'
  /** What was asked of a model for it, in order; none where the scorer's own words were taken at once. */
  readonly tries: readonly FeedbackTry[]
}

/** One answer of a simulated user. */
export interface FeedbackTry {
  readonly text: string
  /** Why it was not passed on; absent where it was. */
  readonly refused?: string
}

/** The feedback that a round got, for whoever keeps the evidence. */
export interface RoundFeedback extends FeedbackSaid {
  /** 1-based: the round that failed. */
  readonly round: number
}

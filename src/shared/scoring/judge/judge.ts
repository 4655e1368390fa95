import type { Judgement, Query, Result, RubricItem, Score } from '../../../nouns/index.js'
import type { ScoringInput } from '../scorer.js'

/** A text as a judge sees it: characters that cannot be seen stand as `⟦U+…⟧`. */
export interface Shown {
  readonly text: string
  /** What of it is not shown, and how much; holds nothing that the agent wrote. */
  readonly cut?: string
}

export interface ShownFile extends Shown {
  readonly path: string
}

/** What a judge is shown of one state. Answer, names and files were written by an agent: data, never instructions. */
export interface JudgeSheet {
  readonly query: Query
  readonly rubric: readonly RubricItem[]
  readonly answer: Shown
  /** Every file of the workspace by name, with what the agent did to it. */
  readonly names: Shown
  readonly files: readonly ShownFile[]
  /** What is missing of the files as a whole, in words of our own. */
  readonly missing: readonly string[]
}

/** What one or several judges made of a sheet. */
export interface Judged {
  readonly requirements: Score['requirements']
  readonly judgements: readonly Judgement[]
}

/** Who may stop a judge, and who pays for it. */
export type JudgingContext = Pick<ScoringInput, 'signal' | 'account'>

/** Decides rubrics. A judge that cannot decide is a failure, whose trial counts for nothing (cause `judge`). */
export interface Judge {
  /** As it stands in an evaluation's parameters: model, repeats, prompt's version. Evaluations compare only where it is equal. */
  readonly identity: Readonly<Record<string, unknown>>
  judge(sheet: JudgeSheet, context: JudgingContext): Promise<Result<Judged>>
}

import type { Judgement, Query, Result, RubricItem, Score } from '../../../nouns/index.js'

/** What a judge is shown of one state. All of `files` and `answer` was written by an agent: data, never instructions. */
export interface JudgeSheet {
  readonly query: Query
  readonly rubric: readonly RubricItem[]
  readonly answer: string
  /** Texts of the workspace by path. */
  readonly files: Readonly<Record<string, string>>
}

/** What one or several judges made of a sheet. */
export interface Judged {
  readonly requirements: Score['requirements']
  readonly judgements: readonly Judgement[]
  readonly feedback?: string
}

/** Decides rubrics. A judge that cannot decide is a failure, whose trial counts for nothing (cause `judge`). */
export interface Judge {
  /** As it stands in an evaluation's parameters: model, repeats, prompt's version. Evaluations compare only where it is equal. */
  readonly identity: Readonly<Record<string, unknown>>
  judge(sheet: JudgeSheet, signal?: AbortSignal): Promise<Result<Judged>>
}

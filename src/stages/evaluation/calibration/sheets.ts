import type { Result, RubricItem } from '../../../nouns/index.js'
import { writeFileAtomic } from '../../../shared/project/index.js'
import { dataIn } from '../../../shared/scoring/index.js'
import { stringify } from 'yaml'
import type { HumanScore } from './human-scores.js'
import { humanFile, type JudgedRow } from './judged.js'

/** A sheet that a model judged, to be judged by a person. */
export interface KeptSheet extends Pick<JudgedRow, 'task' | 'trial' | 'subtask'> {
  readonly data: string
  readonly rubric: readonly RubricItem[]
  readonly sheet: string
}

/** The sheets of judged rows, as they were shown to the judge; rows that checks scored have none. */
export const keptSheets = (rows: readonly JudgedRow[]): KeptSheet[] =>
  rows.flatMap(({ task, trial, subtask, judgements }) => {
    for (const { prompt, rubric, sheet } of judgements) {
      const data = dataIn(prompt)
      if (data !== null && rubric !== undefined && sheet !== undefined)
        return [{ task, trial, subtask, data, rubric, sheet }]
    }
    return []
  })

/** Writes a person's scores of kept sheets beside the evaluation that they are of. */
export const writeHumanScores = (evaluation: string, scores: readonly HumanScore[]): Promise<Result<void>> =>
  writeFileAtomic(humanFile(evaluation), stringify(scores))

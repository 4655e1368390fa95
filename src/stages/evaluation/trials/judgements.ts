import path from 'node:path'
import { done, type Result, type Score, type Trial } from '../../../nouns/index.js'
import { placeOf, writeJson } from '../../../shared/project/index.js'
import { trialName } from './names.js'

/** `evaluations/<id>/judgements/`: what judges were asked and said, a file a trial that has any. */
export const judgementsFolder = (evaluation: string): string => path.join(evaluation, 'judgements')

/**
 * Writes down the judges' answers to a trial, and gives its rows without them: a trial's file is read for every table, and a judge's
 * prompt holds whole workspaces.
 */
export async function writeJudgements(evaluation: string, rows: readonly Trial[]): Promise<Result<Trial[]>> {
  const subtasks = rows.map(({ subtask, rounds }) => ({
    subtask,
    rounds: rounds.map(({ judgements = [] }, at) => ({ round: at + 1, judgements })),
  }))
  const bare = rows.map((row) => ({ ...row, rounds: row.rounds.map(withoutJudgements) }))
  const [first] = rows
  const isJudged = subtasks.some(({ rounds }) => rounds.some(({ judgements }) => judgements.length > 0))
  if (first === undefined || !isJudged) return done(bare)

  const place = placeOf(judgementsFolder(evaluation), trialName(first.task, first.trial), '.json')
  if (!place.ok) return place
  const { task, trial } = first
  const written = await writeJson(place.value, { format: 'limi.judgements/1', task, trial, subtasks })
  return written.ok ? done(bare) : written
}

function withoutJudgements(score: Score): Score {
  const { judgements, ...rest } = score
  return judgements === undefined ? score : rest
}

import { done, Evaluation, failed, type Result } from '../../nouns/index.js'
import { readManifest } from '../../shared/project/index.js'
import type { FinishedEvaluation } from './statistics/index.js'
import { isSummaryOf, readPlan, readTrials } from './trials/index.js'

/**
 * A finished evaluation with its trials, from its folder. `evaluation.unfinished` where it is absent or under way; `evaluation.edited`
 * where the trial files are not those that its manifest sums up.
 */
export async function loadEvaluation(folder: string): Promise<Result<FinishedEvaluation>> {
  const evaluation = await readManifest(folder, Evaluation)
  if (evaluation === null) {
    return failed({
      kind: 'input',
      code: 'evaluation.unfinished',
      message: 'there is no finished evaluation here',
      where: folder,
      remedy: '`limi eval list` shows what there is; the same `limi eval run` finishes one that was cut',
    })
  }
  const trials = await readTrials(folder)
  if (!trials.ok) return trials
  if (isSummaryOf(evaluation, trials.value, (await readPlan(folder)) ?? { tasks: {} })) {
    return done({ evaluation, trials: trials.value })
  }
  return failed({
    kind: 'input',
    code: 'evaluation.edited',
    message: `the trials of evaluation ${evaluation.id} are not those that were summarised: files were changed, added or removed`,
    where: folder,
    remedy: RESTORE,
  })
}

const RESTORE = 'put the trial files back as they were, or delete this folder and evaluate again'

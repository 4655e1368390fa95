import { FailureError, unwrap, type TrialFile } from '../../../nouns/index.js'
import { keptTrials } from './files.js'
import { isStopped } from './attempt.js'
import { spentOn } from './cost.js'
import { trialName } from './names.js'
import { isLater } from './read-trial.js'
import { plannedTrials, type EvaluationRequest } from './request.js'

export interface UsableTrials {
  readonly files: readonly TrialFile[]
  /** What these cost, and those that are made again as the budget had stopped their judges. */
  readonly spent: number
}

/** What earlier runs left that still measures the tasks at hand; the rest is named. Throws `trial.later`. */
export async function usableTrials(request: EvaluationRequest): Promise<UsableTrials> {
  const kept = unwrap(await keptTrials(request.folder))
  const later = kept.invalid.find(isLater)
  if (later !== undefined) throw new FailureError(later)
  const say = request.onLine ?? (() => undefined)
  for (const { where, message } of kept.invalid)
    say(`${where ?? 'a trial'} is no trial (${message}): made again if still wanted`)
  const planned = new Map(plannedTrials(request).map((plan) => [trialName(plan.task.id, plan.trial), plan]))
  const stopped: TrialFile[] = []
  const files = kept.files.filter((file) => {
    const { task, trial, subtasks } = file
    const name = trialName(task, trial)
    const plan = planned.get(name)
    if (plan === undefined) say(`${name} is left out: it is not among the trials asked for`)
    else if (subtasks.some((row) => row.taskDigest !== plan.taskDigest))
      say(`${name} is made again: the task has changed`)
    else if (subtasks.some(isStopped)) {
      stopped.push(file)
      say(`${name} is made again: the budget was spent before it was judged`)
    } else if (subtasks.length !== plan.subtasks.length) say(`${name} is made again: not all its subtasks are there`)
    else if (subtasks.some((row) => row.suite !== plan.task.suite))
      say(`${name} is made again: the task is now in suite ${plan.task.suite}`)
    else if (request.remake !== undefined && subtasks.some(request.remake)) say(`${name} is made again, as asked`)
    else return true
    return false
  })
  return { files, spent: spentOn([...files, ...stopped]) }
}

import { FailureError, type Failure, type TrialFile } from '../../../nouns/index.js'
import { runWorkList, type WorkOutcome } from '../../../shared/rollouts/index.js'
import type { Scorer } from '../../../shared/scoring/index.js'
import { isSolved } from '../metrics/index.js'
import { attemptTrial, type Attempted } from './attempt.js'
import { affordable, overspentWords, purseOf, type Purse } from './cost.js'
import { trialName } from './names.js'
import { INTERRUPTED } from './play.js'
import type { UsableTrials } from './usable.js'
import { plannedTrials, type EvaluationProgress, type EvaluationRequest, type TrialPlan } from './request.js'

/** So many trials given up one after another mean that whatever they need is down. */
const GIVE_UP_AFTER = 3

/** Makes every trial that is not there yet; throws a {@link FailureError} where not all could be made. */
export async function makeTrials(
  request: EvaluationRequest,
  before: UsableTrials,
  scorers: ReadonlyMap<string, readonly Scorer[]>,
): Promise<TrialFile[]> {
  const have = new Set(before.files.map(({ task, trial }) => trialName(task, trial)))
  const missing = plannedTrials(request).filter(({ task, trial }) => !have.has(trialName(task.id, trial)))
  const total = before.files.length + missing.length
  const stop = new AbortController()
  let finished = before.files.length
  let faultsInARow = 0
  const purse = purseOf(request, before.spent)
  if (purse.isEmpty() && missing.length > 0)
    throw new FailureError(budgetFailure(request, purse.spent(), finished, total))

  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal])
  const onProgress = ({ outcome }: { readonly outcome: WorkOutcome<Attempted> }): void => {
    const attempted = outcome.status === 'done' ? outcome.value : null
    faultsInARow = attempted !== null && attempted.status !== 'faulted' ? 0 : faultsInARow + 1
    if (attempted === null || faultsInARow >= GIVE_UP_AFTER) stop.abort()
    if (attempted?.status !== 'measured') return
    finished += 1
    request.onProgress?.({ ...progressOf(attempted.file), finished, total })
  }
  const worker = (plan: TrialPlan): Promise<Attempted> =>
    attemptTrial(request, plan, scorers.get(plan.task.id) ?? [], purse)

  const outcomes: WorkOutcome<Attempted>[] = []
  while (outcomes.length < missing.length && !signal.aborted && !purse.isEmpty()) {
    const batch = missing.slice(outcomes.length).slice(0, affordable(request, purse.spent(), finished))
    outcomes.push(...(await runWorkList(batch, worker, { concurrency: request.concurrency, signal, onProgress })))
  }
  if (finished === total && purse.isEmpty()) request.onLine?.(overspentWords(request, purse.spent()))
  return settle(request, outcomes, { finished, total, purse })
}

/** A trial is solved where all its subtasks are; its cause is the first that a subtask has. */
function progressOf({ task, trial, subtasks }: TrialFile): Omit<EvaluationProgress, 'finished' | 'total'> {
  const cause = subtasks.find((row) => row.cause !== null)?.cause ?? null
  return { task, trial, suite: subtasks[0]?.suite ?? '', cause, solved: subtasks.every(isSolved) }
}

interface Worked {
  readonly finished: number
  readonly total: number
  readonly purse: Purse
}

/** The trials where all were made; else the failure that matters most: an interruption, a breakdown, faults that persist. */
function settle(
  request: EvaluationRequest,
  outcomes: readonly WorkOutcome<Attempted>[],
  { finished, total, purse }: Worked,
): TrialFile[] {
  if (finished < total && request.signal?.aborted === true) throw new FailureError(INTERRUPTED)
  for (const outcome of outcomes) {
    if (outcome.status === 'failed') throw new FailureError(outcome.failure, { cause: outcome.error })
  }
  const trials = outcomes.flatMap((outcome) =>
    outcome.status === 'done' && outcome.value.status === 'measured' ? [outcome.value.file] : [],
  )
  if (finished === total) return trials
  if (purse.isEmpty()) throw new FailureError(budgetFailure(request, purse.spent(), finished, total))
  throw new FailureError(infrastructureFailure(request, outcomes, finished, total))
}

function infrastructureFailure(
  request: EvaluationRequest,
  outcomes: readonly WorkOutcome<Attempted>[],
  finished: number,
  total: number,
): Failure {
  const faulted = outcomes.flatMap((outcome) =>
    outcome.status === 'done' && outcome.value.status === 'faulted' ? [outcome.value.failure] : [],
  )
  const [first] = faulted
  return {
    kind: first?.kind ?? 'underway',
    code: 'evaluation.infrastructure',
    message: `${finished} of ${total} trials have a result; ${faulted.length} met a fault that is not the agent's: ${first?.message ?? 'unknown'}`,
    where: first?.where ?? request.folder,
    remedy: /same command again/u.test(first?.remedy ?? '')
      ? `${first?.remedy ?? ''}: finished trials are kept`
      : `${first?.remedy ?? 'see faults.jsonl'}; then run the same command again: finished trials are kept`,
  }
}

function budgetFailure(request: EvaluationRequest, cost: number, finished: number, total: number): Failure {
  return {
    kind: 'underway',
    code: 'evaluation.budget',
    message: `the budget of ${request.maxCost ?? 0} is spent (${cost.toFixed(4)}): ${finished} of ${total} trials have a result`,
    where: request.folder,
    remedy: 'run the same command again with a larger --max-cost: finished trials are kept',
  }
}

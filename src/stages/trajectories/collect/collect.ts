import { setMaxListeners } from 'node:events'
import { type Failure, type Usage } from '../../../nouns/index.js'
import { addUsage, costOf, NO_USAGE } from '../../../shared/models/index.js'
import type { WorkOutcome } from '../../../shared/rollouts/index.js'
import { attemptRollout, type Attempted } from './attempt.js'
import { discardedBy, type PlannedRollout } from './plan.js'
import { budgetFailure, openPurse, tokensOf, type Spent } from './purse.js'
import type { Collected, CollectedRollout, CollectRequest } from './request.js'
import { rowAfter, rowBefore } from './rows.js'

/** So many rollouts given up one after another mean that whatever they need is down. */
const GIVE_UP_AFTER = 3

/**
 * Agents work through a campaign's rollouts; what lies there complete is kept, and what is unfinished is done again. The same rollouts come out
 * however many are at work at once, and however often the work was stopped.
 *
 * When the budget is spent, those at work are ended and no other begins: `collect.budget` in {@link Collected.stopped}; after several faults outside
 * agent and task one after another, or one of the disk, no other begins and the failure is that fault.
 */
export async function collect(request: CollectRequest): Promise<Collected> {
  const { rollouts, signal: outer } = request
  const missing = rollouts.filter(({ state }) => state !== 'kept')
  const total = rollouts.length
  const purse = openPurse(request.budget ?? {}, spentBefore(request))
  const giveUp = new AbortController()
  const ended = AbortSignal.any([purse.signal, ...(outer === undefined ? [] : [outer])])
  const stopped = AbortSignal.any([ended, giveUp.signal])
  // As many rollouts listen as are at work at once; that is no leak.
  setMaxListeners(0, ended)
  const rows = new Map<string, CollectedRollout>(rollouts.map((one) => [one.id, rowBefore(one)]))
  let finished = total - missing.length
  let faultsInARow = 0
  const onProgress = ({ item, outcome }: { item: PlannedRollout; outcome: WorkOutcome<Attempted> }): void => {
    const row = rowAfter(item, outcome)
    rows.set(item.id, row)
    if (row.status === 'made') finished += 1
    faultsInARow = row.status === 'failed' && row.failure?.kind !== 'input' ? faultsInARow + 1 : 0
    if (faultsInARow >= GIVE_UP_AFTER || row.failure?.code.startsWith('disk.') === true) giveUp.abort()
    request.onProgress?.({ kind: 'ended', rollout: item, row, finished, total })
  }
  try {
    const { runWorkList } = await import('../../../shared/rollouts/index.js')
    const work = (planned: PlannedRollout): Promise<Attempted> => {
      request.onProgress?.({ kind: 'begun', rollout: planned })
      return attemptRollout(request, planned, purse, ended)
    }
    await runWorkList(missing, work, { concurrency: request.concurrency, signal: stopped, onProgress })
  } finally {
    purse.close()
  }
  return summed(request, [...rows.values()], purse.emptied(), giveUp.signal.aborted)
}

/** What the rollouts that lie there took, those that were broken off included. */
function spentBefore({ rollouts, collectors }: CollectRequest): Spent {
  let [cost, tokens] = [0, 0]
  for (const planned of rollouts) {
    const { state, held, agent } = planned
    const broken = discardedBy(planned)
    const price = collectors.get(agent)?.price
    if (state === 'kept') cost += held?.facts.cost ?? 0
    else if (broken !== undefined && price !== undefined) cost += costOf(broken, price)
    if (state === 'kept') tokens += held?.facts.tokens ?? tokensOf(held?.taken ?? NO_USAGE)
    else if (broken !== undefined) tokens += tokensOf(broken)
  }
  return { cost, tokens }
}

function summed(
  request: CollectRequest,
  rows: readonly CollectedRollout[],
  emptied: string | null,
  gaveUp: boolean,
): Collected {
  const of = (status: CollectedRollout['status']): readonly CollectedRollout[] =>
    rows.filter((row) => row.status === status)
  const failed = of('failed').flatMap(({ id, query, failure }) =>
    failure === undefined ? [] : [{ id, query, failure }],
  )
  const [ended, notBegun] = [of('ended').length, of('not-begun').length]
  const costs = rows.flatMap(({ cost }) => cost ?? [])
  const counts = `${of('made').length + of('kept').length} of ${rows.length} rollouts have a result; ${ended} were ended, ${notBegun} not begun`
  const isShort = ended + notBegun > 0 && request.signal?.aborted !== true
  const stopped = !isShort
    ? undefined
    : emptied !== null
      ? budgetFailure(emptied, counts)
      : gaveUp
        ? givenUp(failed.at(-1)?.failure, counts)
        : undefined
  if (!isShort && emptied !== null) request.onLine?.(`${emptied}; all rollouts are made`)
  return {
    made: of('made').length,
    kept: of('kept').length,
    failed,
    interrupted: ended + notBegun,
    rollouts: rows,
    usage: rows.reduce((sum: Usage, { usage }) => addUsage(sum, usage), NO_USAGE),
    ...(costs.length === 0 ? {} : { cost: costs.reduce((sum, cost) => sum + cost, 0) }),
    ...(stopped === undefined ? {} : { stopped }),
  }
}

/** The fault that persists, told once for all. */
function givenUp(failure: Failure | undefined, counts: string): Failure {
  return {
    kind: failure?.kind ?? 'underway',
    code: failure?.code ?? 'collect.infrastructure',
    message: `${failure?.message ?? 'faults outside agent and task'}: ${counts}`,
    ...(failure?.where === undefined ? {} : { where: failure.where }),
    remedy: failure?.remedy ?? 'run the same command again: finished rollouts are kept',
  }
}

import type { Judging, Trial } from '../../../nouns/index.js'
import { addUsage } from '../../../shared/models/index.js'
import type { JudgingAccount } from '../../../shared/scoring/index.js'
import type { Purse } from './cost.js'

/** What judges take of one subtask, all its attempts together. */
export interface Ledger extends JudgingAccount {
  readonly taken: () => Judging[]
}

export function openLedger(purse: Purse): Ledger {
  const calls: Judging[] = []
  return {
    mayAsk: () => purse.mayAsk(),
    took: ({ usage, ...call }) => {
      purse.spend(call.cost ?? 0)
      calls.push({ ...call, ...usage, calls: 1 })
    },
    taken: () => byJudge(calls),
  }
}

/** What judges took of all these rows. */
export const judgingOf = (rows: readonly Trial[]): Judging[] => byJudge(rows.flatMap(({ judging = [] }) => judging))

/** One sum a judge, in the order in which they were first asked. */
function byJudge(all: readonly Judging[]): Judging[] {
  const sums = new Map<string, Judging>()
  for (const one of all) {
    const before = sums.get(one.judge)
    sums.set(one.judge, before === undefined ? one : added(before, one))
  }
  return [...sums.values()]
}

function added(before: Judging, { judge, calls, cost, ...usage }: Judging): Judging {
  const { cost: costBefore, ...usageBefore } = before
  const costs = [costBefore, cost].filter((one) => one !== undefined)
  const total = costs.length === 0 ? {} : { cost: costs.reduce((sum, one) => sum + one, 0) }
  return { judge, calls: before.calls + calls, ...addUsage(usageBefore, usage), ...total }
}

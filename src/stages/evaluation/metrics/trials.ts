import type { Cause, Trial } from '../../../nouns/index.js'

/** Faults of what measures, not of what is measured. */
const NOT_THE_AGENT: ReadonlySet<Cause> = new Set(['infrastructure', 'judge', 'user-simulator'])

/**
 * Whether a trial says anything of the agent; one that failed in the judge, the user simulator or the infrastructure does not, nor one
 * whose judge the budget stopped.
 */
export const isMeasured = (trial: Pick<Trial, 'cause' | 'measured'>): boolean =>
  trial.measured !== false && !NOT_THE_AGENT.has(trial.cause)

/** Whether any round passed. */
export const isSolved = (trial: Pick<Trial, 'rounds'>): boolean => trial.rounds.some((round) => round.passed)

/** R − k where round k was the first to pass; null where none did. */
export function unusedRounds(trial: Pick<Trial, 'rounds'>, rounds: number): number | null {
  const first = trial.rounds.findIndex((round) => round.passed)
  return first === -1 ? null : rounds - (first + 1)
}

/** Items by key, both in order of first appearance. */
export function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

/** Plain order of text, the same in every locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

import type { Trial } from '../../../nouns/index.js'
import { compareText, grouped, isMeasured } from '../metrics/index.js'
import type { Pair } from './pairs.js'

/** The same subtask in the same trial of a task, under both arms. */
export interface RowPair {
  readonly a: Trial
  readonly b: Trial
}

/** Rows that were measured on both sides; how many of either side have no such partner. */
export function pairRows(a: readonly Trial[], b: readonly Trial[]): { rows: RowPair[]; alone: number } {
  const right = new Map(b.filter(isMeasured).map((row) => [keyOf(row), row]))
  const rows = a.filter(isMeasured).flatMap((row) => {
    const partner = right.get(keyOf(row))
    return partner === undefined ? [] : [{ a: row, b: partner }]
  })
  return { rows, alone: Math.max(a.length, b.length) - rows.length }
}

const keyOf = ({ task, subtask, trial }: Trial): string => JSON.stringify([task, subtask, trial])

/**
 * A pair a task: its value under either arm, the mean over its subtasks of the mean over their trials. A subtask counts where the
 * measure says something of it on both sides.
 */
export function pairTasks(rows: readonly RowPair[], of: (row: Trial) => number | null): Pair[] {
  const tasks = [...grouped(rows, ({ a }) => a.task)].sort(([a], [b]) => compareText(a, b))
  return tasks.flatMap(([, members]) => {
    const subtasks = [...grouped(members, ({ a }) => String(a.subtask)).values()].flatMap((same) => {
      const before = meanOf(same.map(({ a }) => of(a)))
      const after = meanOf(same.map(({ b }) => of(b)))
      return before === null || after === null ? [] : [{ before, after, trials: same.length }]
    })
    if (subtasks.length === 0) return []
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
    return {
      a: mean(subtasks.map(({ before }) => before)),
      b: mean(subtasks.map(({ after }) => after)),
      subtasks: subtasks.length,
      trials: Math.min(...subtasks.map(({ trials }) => trials)),
    }
  })
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null && Number.isFinite(value))
  return known.length === 0 ? null : known.reduce<number>((sum, value) => sum + (value ?? 0), 0) / known.length
}

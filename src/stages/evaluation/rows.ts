import type { Cause, Trial } from '../../nouns/index.js'
import { isMeasured } from './metrics/index.js'
import { shownJudging } from './show.js'

/** A trial's subtask in a table for other programs: no nesting, the same columns for every row. */
export interface TrialRow {
  readonly task: string
  readonly suite: string
  readonly trial: number
  readonly subtask: number
  /** Rounds played. */
  readonly rounds: number
  /** The first round that passed; null where none did. */
  readonly passedIn: number | null
  readonly passed: boolean
  /** Of the last round; null where none was scored. */
  readonly score: number | null
  readonly max: number
  readonly cause: Cause
  readonly inputTokens: number
  readonly outputTokens: number
  readonly turns: number | null
  readonly calls: number | null
  readonly cost: number | null
  readonly seconds: number
  readonly trajectory: string | null
  /** Calls and tokens of the models that judge. */
  readonly judgeCalls: number
  readonly judgeInputTokens: number
  readonly judgeOutputTokens: number
  /** Null where no judge has a price. */
  readonly judgeCost: number | null
  /** False where it says nothing of the agent, and counts nowhere. */
  readonly measured: boolean
}

export function rowOfTrial(trial: Trial): TrialRow {
  const { task, suite, subtask, rounds, max, cause, usage, turns, calls, cost, seconds, trajectory } = trial
  const judging = trial.judging ?? []
  const first = rounds.findIndex(({ passed }) => passed)
  return {
    ...{ task, suite, trial: trial.trial, subtask },
    rounds: rounds.length,
    passedIn: first === -1 ? null : first + 1,
    passed: first !== -1,
    score: rounds.at(-1)?.score ?? null,
    ...{ max, cause },
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    turns: turns ?? null,
    calls: calls ?? null,
    cost: cost ?? null,
    ...{ seconds, trajectory },
    judgeCalls: judging.reduce((sum, { calls }) => sum + calls, 0),
    judgeInputTokens: judging.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    judgeOutputTokens: judging.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    judgeCost: shownJudging(judging)?.cost ?? null,
    measured: isMeasured(trial),
  }
}

/** Lines of CSV (RFC 4180), the column names first; null is an empty cell. */
export function csvOf(rows: readonly TrialRow[]): string {
  const [first] = rows
  if (first === undefined) return ''
  const columns = Object.keys(first) as (keyof TrialRow)[]
  const lines = rows.map((row) => columns.map((column) => cell(row[column])))
  return [columns, ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}

/** A text that a spreadsheet would take for a formula is one no longer. */
function cell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value)
  const tame = typeof value === 'string' && /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text
  return /[",\r\n]/u.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}

import { dataTable, type Column } from '../page/table.js'
import { markup, type Markup } from '../markup.js'
import { decimalText, integerText, plural } from '../text.js'
import type { EvaluatedRow, EvaluationReport } from './evaluation-report.js'

/** More rows than this are more than a reader takes in, and than a browser lays out at once. */
const SHOWN = 2000

const numbers = (...names: string[]): Column[] => names.map((name) => ({ name, number: true }))

interface TaskRow {
  readonly name: string
  readonly suite: string
  readonly solved: number
  /** Those that were measured. */
  readonly trials: number
  readonly rows: readonly EvaluatedRow[]
}

/** A row a subtask, over its trials; those that fail most come first. */
export function tasksSection({ rows }: EvaluationReport): Markup {
  const tasks = tasksOf(rows)
  const hasCost = rows.some(({ cost }) => cost !== null)
  const shown = tasks.slice(0, SHOWN)
  const lines = shown.map(
    ({ name, suite, solved, trials, rows: members }) =>
      markup`<tr><th scope="row">${name}</th><td>${suite}</td><td class="num">${trials === 0 ? 'not measured' : `${solved} of ${trials}`}</td><td class="num">${decimalText(
        meanOf(members, ({ rounds }) => rounds.length),
        1,
      )}</td><td class="num">${tokensText(meanOf(members, ({ tokens }) => tokens))}</td><td class="num">${decimalText(
        meanOf(members, ({ seconds }) => seconds),
        1,
      )}</td>${
        hasCost &&
        markup`<td class="num">${decimalText(
          meanOf(members, ({ cost }) => cost ?? 0),
          4,
        )}</td>`
      }<td>${causesOf(members)}</td></tr>`,
  )
  const columns = [
    ...[{ name: 'task' }, { name: 'suite' }],
    ...numbers('solved', 'rounds', 'tokens', 'seconds', ...(hasCost ? ['cost'] : [])),
    { name: 'cause' },
  ]
  return markup`<section aria-labelledby="tasks"><h2 id="tasks">Tasks</h2><p class="note">Those that fail most come first; rounds, tokens, seconds${hasCost && ' and cost'} are means over the trials.${tasks.length > SHOWN && ` The first ${SHOWN} of ${tasks.length}.`}</p>${dataTable('Tasks', columns, lines)}</section>`
}

function tasksOf(rows: readonly EvaluatedRow[]): TaskRow[] {
  const groups = new Map<string, EvaluatedRow[]>()
  for (const row of rows) {
    const name = nameOf(row)
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  const tasks = [...groups].map(([name, members]) => {
    const measured = members.filter((row) => row.measured)
    return {
      name,
      suite: members[0]?.suite ?? '',
      solved: measured.filter(isSolved).length,
      trials: measured.length,
      rows: members,
    }
  })
  return tasks.sort((a, b) => shareOf(a) - shareOf(b))
}

/** What was not measured says nothing, and comes last. */
const shareOf = ({ solved, trials }: TaskRow): number => (trials === 0 ? 2 : solved / trials)

const nameOf = ({ task, subtask }: EvaluatedRow): string => (subtask === 1 ? task : `${task}, subtask ${subtask}`)
const isSolved = ({ rounds }: EvaluatedRow): boolean => rounds.some(({ passed }) => passed)
const meanOf = (rows: readonly EvaluatedRow[], of: (row: EvaluatedRow) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0) / rows.length
const causesOf = (rows: readonly EvaluatedRow[]): string =>
  [...new Set(rows.flatMap(({ cause }) => cause ?? []))].join(', ')

/** What failed most in last rounds: where to look first. */
export function requirementsSection({ rows }: EvaluationReport): Markup {
  const failed = new Map<string, { task: string; id: string; count: number; evidence: string }>()
  for (const row of rows.filter(({ measured }) => measured)) {
    for (const { id, passed, evidence } of row.rounds.at(-1)?.requirements ?? []) {
      if (passed) continue
      const key = JSON.stringify([nameOf(row), id])
      const before = failed.get(key)
      failed.set(key, {
        task: nameOf(row),
        id,
        count: (before?.count ?? 0) + 1,
        evidence: before?.evidence ?? evidence,
      })
    }
  }
  const most = [...failed.values()].sort((a, b) => b.count - a.count)
  const lines = most
    .slice(0, 30)
    .map(
      ({ task, id, count, evidence }) =>
        markup`<tr><th scope="row">${task}</th><td>${id}</td><td class="num">${count}</td><td class="mono">${evidence}</td></tr>`,
    )
  const columns = [
    { name: 'task' },
    { name: 'requirement' },
    ...numbers('trials'),
    { name: 'what the scorer saw, once' },
  ]
  return markup`<section aria-labelledby="requirements"><h2 id="requirements">Requirements that were not met at the end</h2>${
    lines.length === 0
      ? markup`<p class="empty">There are none.</p>`
      : markup`<p class="note">${plural(most.length, 'requirement')} failed at least once${most.length > 30 && '; the 30 that failed most'}.</p>${dataTable('Requirements', columns, lines, 'reasons')}`
  }</section>`
}

export function rowsSection({ rows }: EvaluationReport): Markup {
  const lines = rows
    .slice(0, SHOWN)
    .map(
      (row) =>
        markup`<tr><th scope="row">${nameOf(row)}</th><td class="num">${row.trial}</td><td class="nowrap">${roundsText(row)}</td><td>${row.cause ?? ''}</td><td class="num">${tokensText(row.tokens)}</td><td class="num">${decimalText(row.seconds, 1)}</td><td class="mono">${row.trajectory ?? ''}</td></tr>`,
    )
  const columns = [
    { name: 'task' },
    ...numbers('trial'),
    { name: 'rounds' },
    { name: 'cause' },
    ...numbers('tokens', 'seconds'),
    { name: 'trajectory' },
  ]
  return markup`<section aria-labelledby="rows"><h2 id="rows">Trials</h2><details><summary>${plural(rows.length, 'row')}${rows.length > SHOWN && `, the first ${SHOWN} of them`}</summary>${dataTable('Trials', columns, lines)}</details></section>`
}

/** A mark a round: ✓ passed, else its score. */
const roundsText = ({ rounds }: EvaluatedRow): string =>
  rounds.map(({ passed, score, max }) => (passed ? '✓' : `${decimalOf(score)}/${decimalOf(max)}`)).join('  ') || '–'

const decimalOf = (value: number): string => (Number.isInteger(value) ? String(value) : decimalText(value))

/** A model that counts none did not read and write none. */
const tokensText = (tokens: number): string => (tokens === 0 ? '–' : integerText(tokens))

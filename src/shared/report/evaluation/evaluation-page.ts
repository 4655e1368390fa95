import type { Rate } from '../../../nouns/index.js'
import { bars } from '../charts/index.js'
import { document } from '../page/document.js'
import { dataTable } from '../page/table.js'
import { markup, type Markup } from '../markup.js'
import { decimalText, integerText, percentText, plural } from '../text.js'
import type { EvaluationReport, MeasuredPart } from './evaluation-report.js'
import { inOrderOfPage, SHARES, titleOf } from './names.js'
import { requirementsSection, rowsSection, tasksSection } from './rows.js'

/** The page of one evaluation: metrics with their intervals, success by round, every task and what it failed. No script, no request. */
export function renderEvaluationPage(report: EvaluationReport): string {
  const { id, benchmark, agent, model, measured } = report
  return document({
    title: `${id} · limi evaluation`,
    kicker: [benchmark, `agent ${agent}`, model].join(' · '),
    heading: headingOf(report),
    lede: ledeOf(report),
    sections: [
      report.warnings.length > 0 && warningsSection(report.warnings),
      ...measured.map((part, at) => metricsSection(part, report.rounds, at)),
      roundsSection(report),
      tasksSection(report),
      requirementsSection(report),
      causesSection(report),
      report.judging !== null && judgingSection(report.judging),
      rowsSection(report),
    ],
  })
}

function headingOf({ id, rounds, measured }: EvaluationReport): string {
  const SR = measured[0]?.metrics['SR']
  if (SR === undefined || SR.n === 0) return `${id}: nothing was measured yet`
  return `${id}: ${percentText(SR.value)} succeed within ${plural(rounds, 'round')}`
}

const ledeOf = ({ planned, done, rows }: EvaluationReport): Markup =>
  markup`${done < planned && markup`<strong class="loss">${done} of ${planned} trials are made.</strong> `}${plural(new Set(rows.map(({ task }) => task)).size, 'task')}, ${plural(done, 'trial')}. Intervals are of 95 %, clustered by task: they say what other tasks of this kind would have given.`

const warningsSection = (warnings: readonly string[]): Markup =>
  markup`<section aria-labelledby="warnings"><h2 id="warnings">Before you read the figures</h2><ul class="plain">${warnings.map((text) => markup`<li>${text}</li>`)}</ul></section>`

function metricsSection(part: MeasuredPart, rounds: number, at: number): Markup {
  const { name, metrics } = part
  const shares = SHARES.flatMap((metric) => {
    const rate = metrics[metric]
    return rate === undefined ? [] : [{ metric, rate }]
  })
  const chart = bars(
    shares.map(({ metric, rate }) => ({
      label: titleOf(metric, rounds),
      value: rate.value,
      text: rate.n === 0 ? 'nothing measured' : `${decimalText(rate.value)} (${intervalText(rate)})`,
      interval: rate.n === 0 ? undefined : [rate.low, rate.high],
      tone: metric === 'SR' ? 'accent' : 'neutral',
    })),
    { label: `Metrics of ${name} with their intervals`, max: 1, tick: percentText },
  )
  const id = `metrics-${at}`
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2><figure>${chart}</figure>${metricsTable(part, rounds, at === 0)}</section>`
}

function metricsTable({ name, metrics }: MeasuredPart, rounds: number, isFirst: boolean): Markup {
  const rows = inOrderOfPage(Object.keys(metrics)).flatMap((metric) => {
    const rate = metrics[metric]
    if (rate === undefined) return []
    return [
      markup`<tr><th scope="row">${titleOf(metric, rounds)}</th><td class="num">${rate.n === 0 ? '–' : valueText(rate.value)}</td><td class="num range">${rate.n === 0 ? '–' : intervalText(rate)}</td><td class="num">${integerText(rate.n)}</td></tr>`,
    ]
  })
  const columns = [
    { name: 'metric' },
    ...['value', '95 % interval', 'n'].map((column) => ({ name: column, number: true })),
  ]
  return markup`<details${isFirst && markup` open`}><summary>All metrics as a table</summary>${dataTable(`Metrics of ${name}`, columns, rows)}</details>`
}

const intervalText = ({ low, high }: Rate): string => `${valueText(low)} to ${valueText(high)}`

const valueText = (value: number): string =>
  Math.abs(value) >= 100
    ? integerText(value)
    : Math.abs(value) > 0 && Math.abs(value) < 0.01
      ? value.toPrecision(2)
      : decimalText(value)

/** How many succeed by each round: what feedback is worth. */
function roundsSection({ rows, rounds }: EvaluationReport): Markup {
  const measured = rows.filter((row) => row.measured)
  const solvedBy = (k: number): number =>
    measured.filter((row) => row.rounds.slice(0, k).some(({ passed }) => passed)).length
  const chart = bars(
    Array.from({ length: rounds }, (_, index) => index + 1).map((k) => ({
      label: k === 1 ? 'in the first round' : `by round ${k}`,
      value: measured.length === 0 ? 0 : solvedBy(k) / measured.length,
      text: `${percentText(measured.length === 0 ? NaN : solvedBy(k) / measured.length)} (${solvedBy(k)} of ${measured.length})`,
      tone: k === rounds ? 'accent' : 'muted',
    })),
    { label: 'Share that succeeds, by round', max: 1, tick: percentText },
  )
  return markup`<section aria-labelledby="rounds"><h2 id="rounds">Success by round</h2><figure>${chart}</figure></section>`
}

function causesSection({ causes }: EvaluationReport): Markup {
  const rows = causes.map(
    ({ cause, rows: count }) =>
      markup`<tr><th scope="row">${cause}</th><td class="num">${integerText(count)}</td></tr>`,
  )
  return markup`<section aria-labelledby="causes"><h2 id="causes">What ended them</h2>${dataTable('Rows by cause', [{ name: 'cause' }, { name: 'rows', number: true }], rows, 'narrow')}<p class="note">Faults of the judge, the simulated user and the infrastructure count for nothing, nor does what the budget left unjudged; a time-out, the agent’s own budget and a fault of the agent count as they were scored.</p></section>`
}

const judgingSection = (judging: string): Markup =>
  markup`<section aria-labelledby="judging"><h2 id="judging">What judges took</h2><p>${judging}</p><p class="note">Beside what the agent took: no metric holds it.</p></section>`

import { own, type Amount, type Rate } from '../../../../nouns/index.js'
import { differences } from '../../charts/index.js'
import { titleOf } from '../../evaluation/names.js'
import { markup, type Markup } from '../../markup.js'
import type { ReportVerdict, RunReport } from '../../run-report.js'
import { decimalText, integerText, pointsText, pText } from '../../text.js'
import { armBars } from '../arm-bars.js'
import { armsOf, BASE_ARM, primaryArm } from '../names.js'
import { dataTable, type Column } from '../table.js'

type MetricComparison = ReportVerdict['metrics'][string]

/** The metrics that are shares, in the paper's order. */
const SHARES = ['FTFC', 'SR', 'RC'] as const

const SAYS = {
  FTFC: 'share of a task’s requirements that hold after the first round',
  SR: 'share of tasks that pass within the rounds',
  RC: 'share of further rounds still unused where a task passed; of those that passed',
} as const

/** All metrics over the tasks of all suites, and what the comparison says of each; nothing where the report has only suites. */
export function metricsSection(report: RunReport): Markup | false {
  const { evaluation, verdict } = report.allTasks
  const arms = armsOf(report).flatMap(({ name }) => {
    const metrics = own(evaluation, name)
    return metrics === undefined ? [] : [{ arm: name, metrics }]
  })
  if (arms.length === 0) return false
  const { rounds } = report.protocol
  const panels = SHARES.map((name) => {
    const rates = arms.map(({ arm, metrics }) => ({ arm, rate: metrics[name] }))
    const title = titleOf(name, rounds)
    return markup`<div><h3>${title}</h3><p class="note">${SAYS[name]}</p>${armBars(report, rates, title)}</div>`
  })
  return markup`<section aria-labelledby="metrics"><h2 id="metrics">Every metric, over all tasks</h2><p>What decides is the success rate alone; it was fixed before anything was measured. The others say how a change came about: more right at once, or more repaired after feedback.</p><figure class="split panels thirds">${panels}</figure>${compared(report)}${amountsTable(report, verdict)}${leftOutNote(verdict)}</section>`
}

function compared(report: RunReport): Markup | false {
  const { metrics } = report.allTasks.verdict
  const pair = `${BASE_ARM} to ${primaryArm(report)}`
  const shares = SHARES.flatMap((name) => {
    const found = own(metrics, name)
    if (found === undefined) return []
    const text = `${pointsText(found.difference)} points [${pointsText(found.low)}, ${pointsText(found.high)}]`
    return [{ ...found, label: titleOf(name, report.protocol.rounds), value: found.difference, text }]
  })
  if (shares.length === 0) return false
  const spoken = shares.map(({ label, text, verdict }) => `${label}: ${text}, verdict ${verdict}`).join('. ')
  return markup`<figure>${differences(shares, `Change of each metric from ${pair}, in percentage points. ${spoken}`)}<figcaption>Change from <code>${BASE_ARM}</code> to <code>${primaryArm(report)}</code> over all tasks, in percentage points: dot, the difference; line, its 95% interval; shaded, differences that so few tasks would probably not have shown.</figcaption></figure>${comparedTable(report)}`
}

function comparedTable(report: RunReport): Markup {
  const { evaluation, verdict } = report.allTasks
  const [before, after] = [own(evaluation, BASE_ARM), own(evaluation, primaryArm(report))]
  const rows = Object.entries(verdict.metrics).map(([name, found]) => {
    const cells = [
      rateCell(before && own(before, name)),
      rateCell(after && own(after, name)),
      differenceCell(name, found),
    ]
    return markup`<tr><th scope="row">${titleOf(name, report.protocol.rounds)}</th>${cells}<td class="num">${pText(found.p)}</td><td class="num">${found.pAdjusted === undefined ? '–' : pText(found.pAdjusted)}</td><td><strong class="${found.verdict}">${found.verdict.replace('-', ' ')}</strong></td></tr>`
  })
  const columns = [
    { name: 'Metric' },
    ...numbers(BASE_ARM, primaryArm(report), 'Change', 'p', 'p adjusted'),
    { name: 'Verdict' },
  ]
  return markup`${dataTable('What limi compare says, paired by task', columns, rows)}<p class="note">The verdict on the success rate is by its own exact p; those on the other metrics by p adjusted for their number (Holm). The change is over tasks that both arms have (shares change in percentage points), the rate of remaining chances over those that both passed.</p>`
}

const numbers = (...names: string[]): Column[] => names.map((name) => ({ name, number: true }))

const rateCell = (rate: Rate | undefined): Markup =>
  rate === undefined || rate.n === 0
    ? markup`<td class="num">–</td>`
    : markup`<td class="num">${figure(rate.value)} <span class="range">[${figure(rate.low)}, ${figure(rate.high)}]</span></td>`

/** Shares change by points, anything else by what it is. */
function differenceCell(name: string, { difference, low, high }: MetricComparison): Markup {
  const isShare = SHARES.some((share) => share === name)
  const text = isShare ? pointsText : signed
  return markup`<td class="num">${text(difference)} <span class="range">[${text(low)}, ${text(high)}]</span></td>`
}

function amountsTable(report: RunReport, { amounts }: ReportVerdict): Markup | false {
  const rows = Object.entries(amounts).map(
    ([name, { a, b, ...change }]) =>
      markup`<tr><th scope="row">${titleOf(name, report.protocol.rounds)}</th><td class="num">${figure(a)}</td><td class="num">${figure(b)}</td><td class="num">${changeText(change)}</td></tr>`,
  )
  const columns = [{ name: 'On average' }, ...numbers(BASE_ARM, primaryArm(report), 'Change')]
  return rows.length > 0 && dataTable('What a trial took; no verdict hangs on it', columns, rows)
}

const changeText = ({ difference, low, high }: Pick<Amount, 'difference' | 'low' | 'high'>): Markup =>
  low === null || high === null
    ? markup`${signed(difference)}`
    : markup`${signed(difference)} <span class="range">[${signed(low)}, ${signed(high)}]</span>`

function leftOutNote({ leftOut }: ReportVerdict): Markup | false {
  const parts = leftOut.map(({ metric, why }) => `${metric} (${why})`)
  return parts.length > 0 && markup`<p class="note">Not compared: ${parts.join('; ')}.</p>`
}

/** Whole from 100 on, two digits below. */
const figure = (value: number): string => (Math.abs(value) >= 100 ? integerText(value) : decimalText(value))

const signed = (value: number): string => `${value > 0 ? '+' : ''}${figure(value).replace('-', '−')}`

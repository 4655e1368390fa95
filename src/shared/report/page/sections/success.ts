import type { Rate } from '../../../../nouns/index.js'
import { markup, type Markup } from '../../markup.js'
import type { ReportArm, ReportComparison, RunReport } from '../../run-report.js'
import { decimalText, plural, pointsText, pText } from '../../text.js'
import { armBars } from '../arm-bars.js'
import {
  armDescription,
  armsOf,
  BASE_ARM,
  metricsOf,
  primaryArm,
  suiteDescription,
  suitesOf,
  suiteTitle,
} from '../names.js'
import { dataTable } from '../table.js'

export function successSection(report: RunReport): Markup {
  const arms = armsOf(report)
  const suites = suitesOf(report)
  const rounds = report.protocol.rounds
  if (arms.length === 0) {
    return markup`<section aria-labelledby="success"><h2 id="success">Success before and after</h2><p class="empty">Nothing was evaluated.</p></section>`
  }
  return markup`<section aria-labelledby="success"><h2 id="success">Success before and after</h2><p>SR@${rounds} is the share of tasks that pass their hidden check within ${plural(rounds, 'round')}; after a failed round the agent hears what a person would say. Whiskers are 95% intervals.</p>${armList(arms)}<figure class="split panels">${suites.map(
    (suite) => panel(report, arms, suite),
  )}</figure>${suites.map((suite) => metricsTable(report, arms, suite))}<p class="note">FTFC: share of a task’s requirements met after the first round. SR@${rounds}: share of tasks passed within ${plural(rounds, 'round')}. RC@${rounds}: share of rounds still unused when a task passed. Each is a fraction from 0 to 1 with its 95% interval; n is the number of tasks.</p>${comparisons(report)}</section>`
}

function armList(arms: readonly ReportArm[]): Markup {
  return markup`<ul class="plain">${arms.map((arm) => {
    const facts = [
      !arm.demonstrations ? '' : plural(arm.demonstrations, 'demonstration'),
      !arm.steps ? '' : plural(arm.steps, 'step'),
    ].filter((fact) => fact !== '')
    return markup`<li><strong>${arm.name}</strong>${armDescription(arm) && `: ${armDescription(arm)}`}${facts.length > 0 && ` (${facts.join(', ')})`}</li>`
  })}</ul>`
}

function panel(report: RunReport, arms: readonly ReportArm[], suite: string): Markup {
  const rates = arms.flatMap((arm) => {
    const rate = metricsOf(report, arm.name, suite)?.SR
    return rate ? [{ arm: arm.name, rate }] : []
  })
  const title = suiteTitle(report, suite)
  const chart = armBars(report, rates, `Success rate on ${title}`)
  return markup`<div><h3>${title}</h3><p class="note">${suiteDescription(report, suite)}</p>${chart}</div>`
}

function metricsTable(report: RunReport, arms: readonly ReportArm[], suite: string): Markup {
  const { rounds } = report.protocol
  const numbers = ['FTFC', `SR@${rounds}`, `RC@${rounds}`, 'n'].map((name) => ({ name, number: true }))
  const rows = arms.map((arm) => {
    const metrics = metricsOf(report, arm.name, suite)
    if (!metrics) return markup`<tr><th scope="row">${arm.name}</th><td colspan="4">not evaluated</td></tr>`
    return markup`<tr><th scope="row">${arm.name}</th>${[metrics.FTFC, metrics.SR, metrics.RC].map(rateCell)}<td class="num">${metrics.SR.n}</td></tr>`
  })
  return dataTable(suiteTitle(report, suite), [{ name: 'Arm' }, ...numbers], rows)
}

function rateCell(rate: Rate): Markup {
  if (rate.n === 0) return markup`<td class="num">–</td>`
  return markup`<td class="num">${decimalText(rate.value)} <span class="range">[${decimalText(rate.low)}, ${decimalText(rate.high)}]</span></td>`
}

function comparisons(report: RunReport): Markup | false {
  const pairs = [{ a: BASE_ARM, b: primaryArm(report), suites: report.verdict }, ...report.comparisons]
  const rows = pairs.flatMap(({ a, b, suites }) =>
    Object.entries(suites).map(([suite, comparison]) => comparisonRow(report, `${a} → ${b}`, suite, comparison)),
  )
  if (rows.length === 0) return false
  const numbers = ['Points', 'Exact test', 'Detectable'].map((name) => ({ name, number: true }))
  return dataTable('Success rates compared, paired by task', [{ name: 'Pair' }, ...numbers, { name: 'Verdict' }], rows)
}

function comparisonRow(report: RunReport, pair: string, suite: string, found: ReportComparison): Markup {
  return markup`<tr><th scope="row">${pair}<br><span class="note">${suiteTitle(report, suite).toLowerCase()}</span></th><td class="num">${pointsText(found.difference)} <span class="range">[${pointsText(found.low)}, ${pointsText(found.high)}]</span></td><td class="num">${pText(found.p)}</td><td class="num">${decimalText(found.detectable * 100, 0)}</td><td><strong class="${found.verdict}">${found.verdict.replace('-', ' ')}</strong></td></tr>`
}

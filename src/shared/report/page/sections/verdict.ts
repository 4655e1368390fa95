import { own } from '../../../../nouns/index.js'
import { differences } from '../../charts/index.js'
import { markup, type Markup } from '../../markup.js'
import type { ReportComparison, RunReport } from '../../run-report.js'
import { percentText, plural, pointsText, pText } from '../../text.js'
import { BASE_ARM, metricsOf, primaryArm, suiteDescription, suitesOf, suiteTitle } from '../names.js'

/** The verdict on the primary suite in one plain sentence with its numbers. */
export function headline(report: RunReport): string {
  const suite = suitesOf(report).find((name) => Object.hasOwn(report.verdict, name))
  const comparison = suite === undefined ? undefined : own(report.verdict, suite)
  if (suite === undefined || !comparison) return 'This run ended before there was anything to compare: no verdict.'
  const trained = `Training on ${plural(report.selection.chosen, 'curated demonstration')}`
  const before = metricsOf(report, BASE_ARM, suite)?.SR
  const after = metricsOf(report, primaryArm(report), suite)?.SR
  const where = suiteTitle(report, suite).toLowerCase()
  const rates =
    before && after
      ? `it passed ${percentText(before.value)} of unseen tasks (${where}) before, and passes ${percentText(after.value)} now`
      : `its success rate on unseen tasks (${where}) changed by ${pointsText(comparison.difference)} percentage points`
  if (comparison.verdict === 'gain') return `${trained} made the agent better: ${rates}.`
  if (comparison.verdict === 'loss') return `${trained} made the agent worse: ${rates}.`
  return `This run does not show that training on ${plural(report.selection.chosen, 'curated demonstration')} changed the agent: ${rates}.`
}

function sentence(report: RunReport, suite: string, comparison: ReportComparison): Markup {
  const words = { gain: 'a gain', loss: 'a loss', 'not-shown': 'no difference shown' } as const
  const pairs = comparison.n ?? metricsOf(report, primaryArm(report), suite)?.SR.n
  const about = suiteDescription(report, suite)
  return markup`<p class="lede"><strong class="${comparison.verdict}">${suiteTitle(report, suite)}: ${words[comparison.verdict]}.</strong> ${
    about && `These are ${about}. `
  }The success rate ${change(report, suite, comparison)} (95% interval ${pointsText(comparison.low)} to ${pointsText(comparison.high)}, <span class="nowrap">${pText(comparison.p)}</span>${
    pairs !== undefined && `, ${plural(pairs, 'task')}, each tried before and after`
  }).</p>`
}

function change(report: RunReport, suite: string, { difference }: ReportComparison): string {
  const before = metricsOf(report, BASE_ARM, suite)?.SR
  const after = metricsOf(report, primaryArm(report), suite)?.SR
  const points = `${pointsText(difference)} percentage points`
  if (!before || !after) return `changed by ${points}`
  return `went from ${percentText(before.value)} to ${percentText(after.value)}: ${points}`
}

export function verdictSection(report: RunReport): Markup {
  const suites = suitesOf(report).filter((suite) => Object.hasOwn(report.verdict, suite))
  const rows = suites.flatMap((suite) => {
    const found = own(report.verdict, suite)
    if (!found) return []
    const text = `${pointsText(found.difference)} points [${pointsText(found.low)}, ${pointsText(found.high)}]`
    return [{ ...found, label: suiteTitle(report, suite), value: found.difference, text }]
  })
  const spoken = rows.map((row) => `${row.label}: ${row.text}, verdict ${row.verdict}`).join('. ')
  return markup`${suites.map((suite) => {
    const found = own(report.verdict, suite)
    return found && sentence(report, suite, found)
  })}${
    rows.length > 0 &&
    markup`<figure>${differences(rows, `Change of the success rate, in percentage points. ${spoken}`)}<figcaption>Change of the success rate (SR@${report.protocol.rounds}) from <code>${BASE_ARM}</code> to <code>${primaryArm(report)}</code>, in percentage points: dot, the difference; line, its 95% interval; shaded, differences that so few tasks would probably not have shown.</figcaption></figure>`
  }`
}

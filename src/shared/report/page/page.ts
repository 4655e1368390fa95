import { markup } from '../markup.js'
import type { RunReport } from '../run-report.js'
import { page } from './document.js'
import { flowSection } from './sections/flow.js'
import { measuredSection } from './sections/measured.js'
import { metricsSection } from './sections/metrics.js'
import { nextSection } from './sections/next.js'
import { selectionSection } from './sections/selection.js'
import { sideBySideSection } from './sections/side-by-side.js'
import { successSection } from './sections/success.js'
import { tokensSection } from './sections/tokens.js'
import { trainingSection } from './sections/training.js'
import { headline, verdictSection } from './sections/verdict.js'

/** The page of a run: everything in the report shown as text. */
export function renderRunReport(report: RunReport): string {
  return page({
    title: [report.project, 'limi report'].filter((part) => part !== '').join(' · '),
    kicker: kicker(report),
    heading: headline(report),
    summary: verdictSection(report),
    sections: [
      flowSection(report),
      selectionSection(report),
      tokensSection(report),
      trainingSection(report),
      successSection(report),
      metricsSection(report),
      sideBySideSection(report),
      measuredSection(report),
      nextSection(report),
    ],
    version: report.limi,
    foot: markup`The same numbers, for programs: <code>report.json</code>.`,
  })
}

function kicker(report: RunReport): string {
  const parts = [
    report.project,
    report.training?.base ?? '',
    report.created.slice(0, 10),
    report.seed === undefined ? '' : `seed ${report.seed}`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

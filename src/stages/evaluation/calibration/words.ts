import { table } from '../../../shared/report/index.js'
import type { Estimate } from './bootstrap.js'
import type { Calibration, RequirementAgreement } from './calibrate.js'

/** `limi eval calibrate` on the terminal. */
export function calibrationText(calibration: Calibration): string {
  const { score, pairs, tasks, requirements, byRequirement, votes, leftOut } = calibration
  const lines = [
    table([
      ['scores, as shares of the points', '', '95 % interval'],
      ['quadratic-weighted kappa', ...cells(score.kappa)],
      ['equal scores', ...cells(score.agreement)],
      ['bias (judge − person)', ...cells(score.bias)],
    ]),
    `${pairs} trials of ${tasks} tasks, counted by task`,
  ]
  if (requirements !== null) lines.push('', requirementsTable(requirements, byRequirement))
  if (votes !== null) {
    lines.push(
      '',
      `the judge's own votes: ${number(votes.agreement)} of pairs agree, Fleiss' kappa ${number(votes.kappa)}, ${votes.n} requirements`,
    )
  }
  for (const left of leftOut) lines.push(`left out: ${left}`)
  return lines.join('\n')
}

const number = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(3).replace('-', '−'))

const cells = ({ value, low, high }: Estimate): string[] => [number(value), `[${number(low)}, ${number(high)}]`]

function requirementsTable(all: RequirementAgreement, byId: Readonly<Record<string, RequirementAgreement>>): string {
  const row = (name: string, of: RequirementAgreement): string[] => [
    name,
    number(of.agreement),
    number(of.kappa),
    ...[of.bothYes, of.onlyJudge, of.onlyHuman, of.bothNo].map(String),
  ]
  const head = ['requirement', 'agree', "Cohen's kappa", 'both yes', 'only judge', 'only person', 'both no']
  const rows = Object.entries(byId).map(([id, of]) => row(id, of))
  const align = ['left', 'right', 'right', 'right', 'right', 'right', 'right'] as const
  return table([head, ...rows, ...(rows.length === 1 ? [] : [row('all', all)])], { align })
}

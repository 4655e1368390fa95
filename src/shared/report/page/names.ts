import { own, type Metrics } from '../../../nouns/index.js'
import type { ReportArm, RunReport } from '../run-report.js'

const suiteNames: Readonly<Record<string, { readonly title: string; readonly description: string }>> = {
  heldOutValues: {
    title: 'New values',
    description: 'kinds of task that were taught, with other words, file names and folders',
  },
  heldOutFamilies: { title: 'New families', description: 'kinds of task that were never demonstrated' },
}

const armNames: Readonly<Record<string, string>> = {
  base: 'the model as it came',
  curated: 'trained on the curated demonstrations',
  random78: 'trained on as many, drawn at random from the pool',
  pool: 'trained on the whole pool, mistakes included',
  good300: 'trained on many correct demonstrations',
}

const reasonNames: Readonly<Record<string, string>> = {
  'check-failed': 'the hidden check of the final state failed',
  'near-duplicate': 'nearly the same as another one',
  'not-needed': 'good, but its kind was covered already',
  'unanswered-call': 'a command without its output',
  'no-final-answer': 'it ended without an answer',
  leak: 'too close to a held-out task',
  imported: 'comes from elsewhere, with no check of ours',
}

export function suiteTitle(report: RunReport, suite: string): string {
  return own(report.suites, suite)?.title ?? own(suiteNames, suite)?.title ?? suite
}

export function suiteDescription(report: RunReport, suite: string): string {
  return own(report.suites, suite)?.description ?? own(suiteNames, suite)?.description ?? ''
}

/** The suites that were evaluated, the primary one first. */
export function suitesOf(report: RunReport): readonly string[] {
  const names = [report.verdict, ...Object.values(report.evaluation)].flatMap((part) => Object.keys(part))
  return [...new Set(names)].toSorted((a, b) => Number(b === 'heldOutValues') - Number(a === 'heldOutValues'))
}

/** The arm that the verdict is about: the first that was trained. */
export function primaryArm(report: RunReport): string {
  const names = [...report.arms.map((arm) => arm.name), ...Object.keys(report.evaluation)]
  return names.find((name) => name !== BASE_ARM && Object.hasOwn(report.evaluation, name)) ?? 'curated'
}

export const BASE_ARM = 'base'

/** The arms that were evaluated: in the report's order, then any it does not describe. */
export function armsOf(report: RunReport): readonly ReportArm[] {
  const described = report.arms.filter((arm) => Object.hasOwn(report.evaluation, arm.name))
  const known = new Set(described.map((arm) => arm.name))
  const others = Object.keys(report.evaluation).filter((name) => !known.has(name))
  return [...described, ...others.map((name) => ({ name, description: '' }))]
}

export function armDescription(arm: ReportArm): string {
  return arm.description || (own(armNames, arm.name) ?? '')
}

export function reasonText(reason: string): string {
  return own(reasonNames, reason) ?? ''
}

export function metricsOf(report: RunReport, arm: string, suite: string): Metrics | undefined {
  const arms = Object.hasOwn(report.evaluation, arm) ? report.evaluation[arm] : undefined
  return arms && Object.hasOwn(arms, suite) ? arms[suite] : undefined
}

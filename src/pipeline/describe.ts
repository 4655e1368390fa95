import path from 'node:path'
import { Comparison, type DatasetManifest } from '../nouns/index.js'
import { integerText, plural, rateText, table } from '../shared/report/index.js'
import { comparisonWords } from '../stages/evaluation/index.js'
import { tally, type ReportFiles } from './report/report.js'
import type { StageDone } from './stages.js'

/** One line of what a stage made and where it lies. */
export function describeStage(done: StageDone): string {
  const name = done.stage.padEnd(12)
  switch (done.stage) {
    case 'queries':
      return `${name} ${done.value.train.length} to learn from, ${suites(done.value.heldOut)} held out, ${done.value.mined.length} mined  → queries/`
    case 'trajectories':
      return `${name} ${done.value.builtIn} by the built-in agent, ${done.value.imported} imported  → trajectories/`
    case 'curation':
      return `${name} ${each(done.value, (one) => `${one.chosen.length} of ${one.chosen.length + one.excluded.length} chosen`)}  → selections/`
    case 'dataset':
      return `${name} ${each(done.value, (one) => `${plural(one.tokens, 'token')}, ${integerText(one.trainedTokens)} train, proof ${one.proof}`)}  → datasets/`
    case 'training':
      return `${name} ${each(done.value, (one) => `${plural(one.steps, 'step')}, loss ${one.loss.at(-1)?.loss.toFixed(3) ?? 'none'}`)}  → training/`
    case 'evaluation':
      return `${name} ${each(done.value, (one) => `SR ${one.metrics.SR.value.toFixed(2)} of ${plural(one.tasks, 'task')}`)}  → evaluations/`
    case 'verdict':
      return `${name} ${each(done.value, (one) => one.verdict)}`
  }
}

/** A dataset in a line, with how many trajectories are not in it. */
export function describeBuilt({ id, ...made }: DatasetManifest): string {
  const sizes = `${plural(made.samples, 'sample')}, ${plural(made.tokens, 'token')}, ${integerText(made.trainedTokens)} train`
  const out = made.excluded.length
  const left = out === 0 ? '' : `, ${plural(out, 'trajectory', 'trajectories')} left out`
  return `${sizes}, longest ${integerText(made.maxTokens)}${left}, proof ${made.proof}  → datasets/${id}/`
}

const suites = (tasks: readonly { readonly suite: string }[]): string =>
  Object.values(tally(tasks.map((task) => task.suite))).join(' + ')

const each = <T>(byArm: Readonly<Record<string, T>>, say: (one: T) => string): string =>
  Object.entries(byArm)
    .map(([arm, one]) => `${arm}: ${say(one)}`)
    .join('; ')

/** The verdict in words, the arms in a table, the files, and what to try next. */
export function describeReport({ report, json, html }: ReportFiles): string {
  const rows = Object.entries(report.evaluation).flatMap(([arm, bySuite]) =>
    Object.entries(bySuite).map(([suite, metrics]) => [
      arm,
      suite,
      rateText(metrics.SR),
      rateText(metrics.FTFC),
      rateText(metrics.RC),
    ]),
  )
  const verdicts = Object.entries(report.verdict).map(
    ([suite, one]) => `${suite}: ${comparisonWords(Comparison.parse(one))}`,
  )
  return [
    table([['arm', 'suite', 'SR', 'FTFC', 'RC'], ...rows]),
    '',
    ...verdicts,
    '',
    `report  ${html}`,
    `data    ${json}`,
    '',
    'next, with a model and a repository of your own:',
    `  limi status --project ${path.dirname(json)}     what lies where`,
    '  limi init my-agent                 a project of your own (the README walks through it)',
  ].join('\n')
}

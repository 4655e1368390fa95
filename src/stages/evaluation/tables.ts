import type { Metrics } from '../../nouns/index.js'
import { plural, rateText, table } from '../../shared/report/index.js'
import type { ListedEvaluation } from './list.js'
import { taughtLines } from './taught.js'
import type { ShownEvaluation, ShownJudging, ShownTrial } from './show.js'

/** `limi eval list` on the terminal. */
export function evaluationsTable(listed: readonly ListedEvaluation[]): string {
  const rows = listed.map(({ id, benchmark, agent, model, trials, done, SR }) => [
    id,
    benchmark,
    agent,
    model,
    done === trials ? String(done) : `${done} of ${trials}`,
    rateText(SR),
  ])
  return table([['id', 'benchmark', 'agent', 'model', 'trials', 'SR'], ...rows])
}

/** `limi eval show` on the terminal: a row a subtask and trial, then the metrics. */
export function evaluationTable(shown: ShownEvaluation): string {
  const hasCost = shown.trials.some(({ cost }) => cost !== null)
  const rows = shown.trials.map((trial) => [
    trial.subtask === 1 ? trial.task : `${trial.task}, subtask ${trial.subtask}`,
    trial.suite,
    String(trial.trial),
    roundsText(trial),
    trial.cause ?? '',
    trial.tokens === 0 ? '–' : String(trial.tokens),
    trial.seconds.toFixed(1),
    ...(hasCost ? [trial.cost?.toFixed(4) ?? ''] : []),
  ])
  const head = ['task', 'suite', 'trial', 'rounds', 'cause', 'tokens', 'seconds', ...(hasCost ? ['cost'] : [])]
  const align = ['left', 'left', 'right', 'left', 'left', 'right', 'right', 'right'] as const
  return `${table([head, ...rows], { align })}\n\n${metricsTable(shown)}`
}

/** The metrics of an evaluation with their 95 % intervals: the paper's, a row a suite, then the others over all tasks. */
export function metricsTable(shown: ShownEvaluation): string {
  const { rounds, suites, metrics, unusedRounds, judging } = shown
  // With one round nothing can remain: RC says nothing.
  const hasRemaining = rounds > 1
  const row = (name: string, of: Metrics): string[] => [
    name,
    rateText(of.FTFC),
    rateText(of.SR),
    ...(hasRemaining ? [rateText(of.RC)] : []),
  ]
  const named = Object.entries(suites).map(([suite, of]) => row(suite, of))
  const all = named.length === 1 ? [] : [row('all', metrics)]
  return [
    ...evaluationWarnings(shown),
    table([['', 'FTFC', `SR@${rounds}`, ...(hasRemaining ? [`RC@${rounds}`] : [])], ...named, ...all]),
    ...(hasRemaining
      ? [`unused rounds where it succeeded (RC not normalised, of ${rounds - 1}): ${rateText(unusedRounds)}`]
      : []),
    ...furtherMetrics(metrics),
    ...(judging === null ? [] : ['', judgingText(judging)]),
  ].join('\n')
}

/** What judges took: never mixed with what the agent did. */
export function judgingText({ calls, tokens, cost, judges }: ShownJudging): string {
  const unpriced = judges.filter((one) => one.cost === undefined).map(({ judge }) => judge)
  const free = unpriced.length === 0 ? '' : `; no price, so not in any cost: ${unpriced.join(', ')}`
  const costs = cost === null ? '' : `, cost ${cost.toFixed(4)}`
  return `judging: ${plural(calls, 'call')}, ${plural(tokens, 'token')}${costs}${free}`
}

const PAPERS = new Set(['FTFC', 'SR', 'RC'])

function furtherMetrics(metrics: Metrics): string[] {
  const others = Object.entries(metrics).filter(([name]) => !PAPERS.has(name))
  const rows = others.map(([name, rate]) => [name, rateText(rate)])
  return rows.length === 0 ? [] : ['', table(rows)]
}

/** What a reader must know before the figures. */
export function evaluationWarnings(shown: ShownEvaluation): string[] {
  const { edited, damaged, done, planned, finished, infrastructureFaults, trials, taught } = shown
  const unmeasured = trials.filter(({ measured }) => !measured).length
  return [
    ...(taught === null ? [] : taughtLines(taught)),
    ...(edited ? [EDITED] : []),
    ...(finished || done === planned ? [] : [`${done} of ${planned} trials are made: these metrics are of those`]),
    ...damaged.map((what) => `not read, and not counted: ${what}`),
    ...(unmeasured === 0
      ? []
      : [
          `not counted, as the judge or the simulated user failed, or the budget ended first: ${plural(unmeasured, 'row')}`,
        ]),
    ...(infrastructureFaults === 0 ? [] : [`faults outside agent and task, not counted: ${infrastructureFaults}`]),
  ]
}

const EDITED =
  'the trials that lie here are not those that were summarised: these metrics are of the trials as they were'

/** A mark a round: ✓ passed, else its score. */
const roundsText = ({ rounds }: ShownTrial): string =>
  rounds.map(({ passed, score, max }) => (passed ? '✓' : `${score}/${max}`)).join(' ') || '–'

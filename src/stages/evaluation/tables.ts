import type { Metrics } from '../../nouns/index.js'
import { rateText, table } from '../../shared/report/index.js'
import type { ListedEvaluation } from './list.js'
import type { ShownEvaluation, ShownTrial } from './show.js'

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

/** `limi eval show` on the terminal: a row a trial, then the metrics. */
export function evaluationTable(shown: ShownEvaluation): string {
  const rows = shown.trials.map((trial) => [
    trial.task,
    trial.suite,
    String(trial.trial),
    roundsText(trial),
    trial.cause ?? '',
    String(trial.tokens),
    trial.seconds.toFixed(1),
  ])
  const head = ['task', 'suite', 'trial', 'rounds', 'cause', 'tokens', 'seconds']
  const align = ['left', 'left', 'right', 'left', 'left', 'right', 'right'] as const
  return `${table([head, ...rows], { align })}\n\n${metricsTable(shown)}`
}

/** The metrics of an evaluation, a row a suite, with their 95 % intervals. */
export function metricsTable(
  shown: Pick<ShownEvaluation, 'metrics' | 'suites' | 'rounds' | 'unusedRounds' | 'infrastructureFaults' | 'edited'>,
): string {
  const { rounds, suites, metrics, unusedRounds, infrastructureFaults } = shown
  const row = (name: string, of: Metrics): string[] => [name, rateText(of.FTFC), rateText(of.SR), rateText(of.RC)]
  const named = Object.entries(suites).map(([suite, of]) => row(suite, of))
  const all = named.length === 1 ? [] : [row('all', metrics)]
  const lines = [
    table([['', 'FTFC', `SR@${rounds}`, `RC@${rounds}`], ...named, ...all]),
    `unused rounds where it succeeded (RC not normalised, of ${rounds - 1}): ${rateText(unusedRounds)}`,
  ]
  if (shown.edited) lines.unshift(EDITED)
  if (infrastructureFaults > 0) lines.push(`faults outside agent and task, not counted: ${infrastructureFaults}`)
  return lines.join('\n')
}

const EDITED =
  'the trials that lie here are not those that were summarised: these metrics are of the trials as they were'

/** A mark a round: ✓ passed, else its score. */
const roundsText = ({ rounds }: ShownTrial): string =>
  rounds.map(({ passed, score, max }) => (passed ? '✓' : `${score}/${max}`)).join(' ') || '–'

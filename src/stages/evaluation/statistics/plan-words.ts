import { integerText, percentText, table } from '../../../shared/report/index.js'
import type { ComparisonPlan, NeededTasks } from './plan.js'
import { MOST_TASKS } from './power.js'

/** `limi compare --plan` on the terminal. */
export function planText(plan: ComparisonPlan): string {
  const { effect, power, alpha, baseline } = plan
  const aim = `to show that the success rate rises by ${effect}, from ${baseline.toFixed(2)} to ${(baseline + effect).toFixed(2)}, in ${percentText(power)} of comparisons (exact sign test over tasks, α = ${alpha}, two-sided):`
  return [
    aim,
    neededTable(plan),
    '',
    'the smallest rise that so many tasks show, by trials a task:',
    detectableTable(plan),
    '',
    ...assumptions(plan),
  ].join('\n')
}

function neededTable({ needed }: ComparisonPlan): string {
  const hasTokens = needed.some(({ tokens }) => tokens !== undefined)
  const hasCost = needed.some(({ cost }) => cost !== undefined)
  const row = ({ trials, tasks, total, tokens, cost }: NeededTasks): string[] => [
    String(trials),
    tasks === null ? `more than ${integerText(MOST_TASKS)}` : integerText(tasks),
    total === null ? '–' : integerText(total),
    ...(hasTokens ? [tokens === undefined ? '–' : integerText(tokens)] : []),
    ...(hasCost ? [cost === undefined ? '–' : cost.toFixed(2)] : []),
  ]
  const head = ['trials a task', 'tasks', 'trials of both evaluations']
  const more = [...(hasTokens ? ['tokens'] : []), ...(hasCost ? ['cost'] : [])]
  return table([[...head, ...more], ...needed.map(row)], { align: [...head, ...more].map(() => 'right') })
}

function detectableTable({ detectable }: ComparisonPlan): string {
  const trials = [...new Set(detectable.map((one) => one.trials))]
  const tasks = [...new Set(detectable.map((one) => one.tasks))]
  const cell = (n: number, k: number): string =>
    detectable.find((one) => one.tasks === n && one.trials === k)?.difference?.toFixed(3) ?? 'none'
  const rows = tasks.map((n) => [String(n), ...trials.map((k) => cell(n, k))])
  return table([['tasks', ...trials.map(String)], ...rows], { align: ['right', ...trials.map(() => 'right' as const)] })
}

function assumptions({ discordant, assumed, from }: ComparisonPlan): string[] {
  const chance = `two trials of the same task, with nothing changed, differ in ${percentText(discordant)} of tasks`
  const why = assumed
    ? ' (half of the most they can: nothing was measured; --discordant, or --from an evaluation with several trials a task, says better)'
    : ''
  return [
    ...(from === undefined
      ? []
      : [`from evaluation ${from.id}: ${integerText(from.tasks)} tasks, SR ${from.baseline.toFixed(3)}`]),
    `${assumed ? 'assumed' : from?.discordant === discordant ? 'measured' : 'taken'}: ${chance}${why};`,
    'assumed: the change helps every task alike (by the same step in log-odds) and breaks none; where it also breaks tasks, more are needed, and more trials help less.',
  ]
}

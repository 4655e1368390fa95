import type { Comparison, Verdict } from '../../../nouns/index.js'
import { integerText, plural } from '../../../shared/report/index.js'
import { grouped } from '../metrics/index.js'
import { MOST_TRIALS } from './more-trials.js'
import { FEWEST_PAIRS, MOST_TASKS } from './power.js'

/** A verdict as plain sentences: one for the whole, with what more it takes where nothing was shown; one a suite. */
export function wordsOf(verdict: Verdict): string[] {
  const suites = Object.entries(verdict.suites)
  if (suites.length === 0) return ['not shown: no task was measured on both sides', ...leftOutWords(verdict)]
  const all = verdict.metrics?.['SR']
  const more = all?.more === undefined ? '' : `: ${moreWords(all, all.more)}`
  return [
    `all tasks (${verdict.b} against ${verdict.a}): ${WORDS[verdict.verdict]}${more}`,
    ...suites.map(([suite, comparison]) => `${suite}: ${comparisonWords(comparison)}`),
    ...leftOutWords(verdict),
  ]
}

/** A line for what is not compared, by reason. */
function leftOutWords({ leftOut = [] }: Verdict): string[] {
  const reasons = [...grouped(leftOut, ({ why }) => why)]
  const parts = reasons.map(([why, metrics]) => `${metrics.map(({ metric }) => metric).join(', ')} (${why})`)
  return parts.length === 0 ? [] : [`not compared: ${parts.join('; ')}`]
}

const WORDS: Record<Verdict['verdict'], string> = { gain: 'gain', loss: 'loss', 'not-shown': 'not shown' }

/** For example "gain: success rate +0.685 (95 % interval 0.556 to 0.796, exact p = 2e-11); of 54 tasks 37 pass more often after, 0 before". */
export function comparisonWords(comparison: Comparison): string {
  const { verdict, difference, low, high, p, n, onlyA, onlyB } = comparison
  const interval = `95 % interval ${signed(low)} to ${signed(high)}, exact p ${pValue(p)}`
  const counts = `of ${plural(n, 'task')} the second does better on ${onlyB}, the first on ${onlyA}`
  const found = `${WORDS[verdict]}: success rate ${signed(difference)} (${interval}); ${counts}`
  return verdict === 'not-shown' ? `${found}; ${designWords(comparison)}` : found
}

function designWords({ n, detectable }: Comparison): string {
  if (n < FEWEST_PAIRS) return `with ${plural(n, 'task')} no difference can be shown: it takes at least ${FEWEST_PAIRS}`
  if (detectable >= 1) return 'this design could hardly have shown any difference'
  return `this design could have shown a difference of at least ${detectable.toFixed(2)}`
}

/** What it takes to show a difference as large as the one seen, and what that rests on. */
function moreWords({ difference, onlyA, onlyB }: Comparison, more: NonNullable<Comparison['more']>): string {
  if (difference === 0 && onlyA === onlyB)
    return 'no difference was seen, so nothing says how many more tasks would show one'
  if (Math.sign(onlyB - onlyA) !== Math.sign(difference))
    return 'the tasks that moved and their average point to different sides, so nothing says what would show a difference'
  const tasks = more.tasks === null ? null : plural(more.tasks, 'more task')
  const trials =
    more.trials === undefined || more.trials === null ? null : plural(more.trials, 'more trial') + ' a task'
  const needed = [tasks, trials].filter((part) => part !== null)
  const first =
    needed.length === 0
      ? `no number of tasks up to ${integerText(MOST_TASKS)}${more.trials === null ? ` and no number of trials up to ${MOST_TRIALS} a task` : ''} would show a difference as small as the one seen`
      : `at least ${needed.join(' or ')} would show a difference as large as the one seen (four times in five, were tasks to go on as these did)`
  return `${first}${trialWords(more)}`
}

function trialWords({ tasks, trials }: NonNullable<Comparison['more']>): string {
  if (trials === undefined) return tasks === null ? '' : '; what more trials a task would do cannot be told from these'
  return trials === null && tasks !== null ? '; more trials of these tasks alone would not' : ''
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`

const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`)

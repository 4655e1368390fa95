import type { Comparison, Verdict } from '../../../nouns/index.js'
import { plural } from '../../../shared/report/index.js'
import { FEWEST_PAIRS } from './detectable.js'

/** A verdict as plain sentences: one for the whole, one a suite. */
export function wordsOf(verdict: Verdict): string[] {
  const suites = Object.entries(verdict.suites)
  const lines = suites.map(([suite, comparison]) => `${suite}: ${comparisonWords(comparison)}`)
  if (suites.length === 1) return lines
  return [`all tasks: ${WORDS[verdict.verdict]} (${verdict.b} against ${verdict.a})`, ...lines]
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

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`

const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`)

import type { Amount, Comparison, Verdict } from '../../../nouns/index.js'
import { table } from '../../../shared/report/index.js'

/** `limi compare` on the terminal: a row a suite, then a row a metric over all tasks, then what trials took; `wordsOf` says it in sentences. */
export function comparisonTable(verdict: Verdict): string {
  const suites = Object.entries(verdict.suites)
  const bySuite = suites.map(([suite, comparison]) => rowOf(`SR ${suite}`, comparison, ''))
  const all = Object.entries(verdict.metrics ?? {}).map(([name, comparison]) =>
    rowOf(name === 'SR' ? 'SR all tasks' : name, comparison, pText(comparison.pAdjusted)),
  )
  // With one suite, all tasks are that suite.
  const shown = suites.length === 1 && all.length > 0 ? all : [...bySuite, ...all]
  const head = ['metric', 'verdict', 'difference', '95 % interval', 'p', 'p adjusted', 'detectable', 'tasks']
  const amounts = Object.entries(verdict.amounts ?? {})
  const compared = table([head, ...shown])
  return amounts.length === 0 ? compared : `${compared}\n\n${amountsTable(verdict, amounts)}`
}

const rowOf = (name: string, comparison: Comparison, adjusted: string): string[] => [
  name,
  comparison.verdict,
  signed(comparison.difference),
  `[${signed(comparison.low)}, ${signed(comparison.high)}]`,
  pText(comparison.p),
  adjusted,
  comparison.detectable.toFixed(2),
  `${comparison.onlyB} up, ${comparison.onlyA} down of ${comparison.n}`,
]

function amountsTable({ a, b }: Verdict, amounts: readonly (readonly [string, Amount])[]): string {
  const rows = amounts.map(([name, amount]) => [
    name,
    figure(amount.a),
    figure(amount.b),
    plus(amount.difference),
    amount.low === null || amount.high === null ? '–' : `[${plus(amount.low)}, ${plus(amount.high)}]`,
  ])
  return table([['a trial took', a, b, 'difference', '95 % interval'], ...rows])
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`

const pText = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3))

/** Whole from 100 on; four digits below. */
const figure = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(4)))

const plus = (value: number): string => `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`

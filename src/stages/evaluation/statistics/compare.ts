import { done, failed, type Comparison, type Result, type Trial, type Verdict } from '../../../nouns/index.js'
import { plural } from '../../../shared/report/index.js'
import { grouped, isSolved, measures, type Measure } from '../metrics/index.js'
import { amountsOf, BEYOND_NUMBERS, NO_PAIR, type LeftOutMetric } from './amounts.js'
import { incomparable, type FinishedEvaluation } from './comparable.js'
import { holm } from './holm.js'
import { pairRows, pairTasks, type RowPair } from './pairing.js'
import { compareGraded, comparePairs, verdictByMean } from './pairs.js'

export interface CompareOptions {
  readonly seed?: string | number
  /** Told of every task or trial that cannot be paired because one side was not measured. */
  readonly onLine?: (line: string) => void
}

/**
 * What two evaluations show, paired by task and clustered over its trials and subtasks. Success within R rounds (SR@R) is the primary
 * metric, fixed beforehand: the verdict is by its own exact test, unadjusted, over all tasks (`metrics.SR`) and a suite (`suites`). The
 * other metrics are secondary: their verdicts are by p adjusted over all metrics. Evaluations that differ in anything but the model and
 * the number of trials are refused with `compare.incomparable`, which names what differs; of trials those are taken that both have.
 */
export function compareEvaluations(
  a: FinishedEvaluation,
  b: FinishedEvaluation,
  options: CompareOptions = {},
): Result<Verdict> {
  const differences = incomparable(a, b)
  if (differences.length > 0) {
    return failed({
      kind: 'input',
      code: 'compare.incomparable',
      message: `${a.evaluation.id} and ${b.evaluation.id} cannot be compared: ${differences.join('; ')}`,
      remedy:
        'evaluate both on the same tasks with the same rounds, agent, judge and settings; only the model may differ',
    })
  }
  const seed = String(options.seed ?? 0)
  const bySuite = pairBySuite(a.trials, b.trials, options.onLine ?? (() => undefined))
  const rows = [...bySuite.values()].flat()
  const { metrics, leftOut } = compareMetrics(rows, a.evaluation.rounds, seed)
  const took = amountsOf(rows, a.evaluation.rounds)
  return done({
    format: 'limi.verdict/1',
    a: a.evaluation.id,
    b: b.evaluation.id,
    primary: 'SR',
    verdict: metrics['SR']?.verdict ?? 'not-shown',
    suites: Object.fromEntries(
      [...bySuite].map(([suite, members]) => [suite, comparePairs(pairTasks(members, solved), `${seed}/${suite}`)]),
    ),
    metrics,
    amounts: took.amounts,
    leftOut: [...leftOut, ...took.leftOut],
  })
}

const solved = (row: Trial): number => (isSolved(row) ? 1 : 0)

/** Compared beside the success rate; their Σ count is a row each. */
const SECONDARY = ['FTFC', 'RC', 'score']

interface ComparedMetrics {
  readonly metrics: NonNullable<Verdict['metrics']>
  readonly leftOut: readonly LeftOutMetric[]
}

/** Over all tasks. A metric of which no task says anything on both sides, or with sums beyond all numbers, is left out; SR never is. */
function compareMetrics(rows: readonly RowPair[], rounds: number, seed: string): ComparedMetrics {
  const primary = ['SR', comparePairs(pairTasks(rows, solved), `${seed}/SR`)] as const
  const secondary = measures(rounds)
    .filter(({ name }) => SECONDARY.includes(name))
    .map((measure) => [measure.name, compareMeasure(rows, measure, `${seed}/${measure.name}`)] as const)
    .map(([metric, comparison]) => ({ metric, comparison, why: whyNot(metric, comparison, rows, rounds) }))
  const others = secondary.flatMap(({ metric, comparison, why }) =>
    why === null ? [[metric, comparison] as const] : [],
  )
  const all = [primary, ...others]
  const adjusted = holm(all.map(([, { p }]) => p))
  const entries = all.map(([name, comparison], at) => {
    const pAdjusted = adjusted[at] ?? 1
    const verdict = at === 0 ? comparison.verdict : verdictByMean(comparison.difference, pAdjusted)
    return [name, { ...comparison, verdict, pAdjusted }] as const
  })
  return {
    metrics: Object.fromEntries(entries),
    leftOut: secondary.flatMap(({ metric, why }) => (why === null ? [] : [{ metric, why }])),
  }
}

/** Why a metric is left out; null where it is not. */
function whyNot(metric: string, comparison: Comparison, rows: readonly RowPair[], rounds: number): string | null {
  if (metric === 'RC' && rounds === 1) return 'with one round none can be left'
  if (rows.length === 0) return 'no task was measured on both sides'
  const { n, difference, low, high, detectable } = comparison
  if (n > 0) return [difference, low, high, detectable].every(Number.isFinite) ? null : BEYOND_NUMBERS
  return metric === 'RC' ? 'no task was solved on both sides' : NO_PAIR
}

const compareMeasure = (rows: readonly RowPair[], { of, bounds = { low: 0, high: 1 } }: Measure, seed: string) =>
  compareGraded(
    pairTasks(rows, (row) => of(row)?.sum ?? null),
    bounds,
    seed,
  )

/** Rows measured on both sides, by suite in the order of the first; a line for what is left out. */
function pairBySuite(a: readonly Trial[], b: readonly Trial[], onLine: (line: string) => void): Map<string, RowPair[]> {
  const [first, second] = [mostTrials(a), mostTrials(b)]
  const both = Math.min(first, second)
  if (first !== second) {
    const more = first > second ? 'first' : 'second'
    onLine(
      `the ${more} has ${plural(Math.max(first, second), 'trial')} a task, the other ${both}: those from trial ${both + 1} on are left out, since tasks tried more often on one side would move by chance alone`,
    )
  }
  const common = (trials: readonly Trial[]): Map<string, Trial[]> =>
    grouped(
      trials.filter(({ trial }) => trial <= both),
      ({ suite }) => suite,
    )
  const right = common(b)
  const suites = [...common(a)].map(([suite, trials]) => {
    const { rows, alone } = pairRows(trials, right.get(suite) ?? [])
    const all = rows.length + alone
    const are = alone === 1 ? 'is' : 'are'
    if (alone > 0)
      onLine(`${suite}: ${alone} of ${all} trials ${are} left out of the comparison: not measured on both sides`)
    return [suite, rows] as const
  })
  return new Map(suites)
}

const mostTrials = (rows: readonly Trial[]): number => rows.reduce((most, { trial }) => Math.max(most, trial), 0)

import { z } from 'zod'

export const VerdictWord = z.enum(['gain', 'loss', 'not-shown'])
export type VerdictWord = z.infer<typeof VerdictWord>

/** One metric compared, paired by task: B minus A. */
export const Comparison = z.object({
  verdict: VerdictWord,
  difference: z.number(),
  /** 95 % bootstrap interval over tasks. */
  low: z.number(),
  high: z.number(),
  /** Two-sided, exact. */
  p: z.number(),
  /** The smallest difference that this design would have shown with 80 % power at α = 0.05. */
  detectable: z.number(),
  /** Pairs of tasks. */
  n: z.number().int(),
  /** Pairs of which A, of which B did better: with one trial a task, those that only it passed. */
  onlyA: z.number().int(),
  onlyB: z.number().int(),
  /**
   * Where nothing was shown: how many more tasks, or more trials a task, show a difference as large as the one seen with 80 % power, were
   * tasks to go on as they did. Null where no number that was looked at does; `trials` is absent where one trial a task tells nothing.
   */
  more: z.object({ tasks: z.number().int().nullable(), trials: z.number().int().nullable().optional() }).optional(),
})
export type Comparison = z.infer<typeof Comparison>

/** What a trial took on average, such as tokens, with the difference B minus A and its 95 % interval; no verdict hangs on it. */
export const Amount = z.object({
  a: z.number(),
  b: z.number(),
  difference: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Pairs of tasks. */
  n: z.number().int(),
})
export type Amount = z.infer<typeof Amount>

/** What two evaluations show. */
export const Verdict = z.object({
  format: z.literal('limi.verdict/1'),
  a: z.string(),
  b: z.string(),
  primary: z.literal('SR'),
  verdict: VerdictWord,
  suites: z.record(z.string(), Comparison),
  /** All tasks together, a comparison a metric; p adjusted over the metrics by Holm's procedure. Absent in early verdicts. */
  metrics: z.record(z.string(), Comparison.extend({ pAdjusted: z.number() })).optional(),
  /** By name: `tokens`, `cost`, `seconds`, `turns`, `calls`. */
  amounts: z.record(z.string(), Amount).optional(),
  /** Metrics and amounts that are not compared, each with the reason in words. Absent in early verdicts. */
  leftOut: z.array(z.object({ metric: z.string(), why: z.string() })).optional(),
})
export type Verdict = z.infer<typeof Verdict>

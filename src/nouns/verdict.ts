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
  /** Pairs in which only A, only B passed. */
  onlyA: z.number().int(),
  onlyB: z.number().int(),
})
export type Comparison = z.infer<typeof Comparison>

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
})
export type Verdict = z.infer<typeof Verdict>

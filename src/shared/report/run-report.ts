import { z } from 'zod'
import { Amount, Comparison, Metrics, Origin, Role } from '../../nouns/index.js'

const count = z.number().int().nonnegative()

/** One suite compared; the counts of pairs may be absent in reports that other programs wrote. */
export const ReportComparison = Comparison.partial({ n: true, onlyA: true, onlyB: true })
export type ReportComparison = z.infer<typeof ReportComparison>

/** What `limi compare` says of a pair over all tasks, by metric; what a trial took; and what is not compared. */
const ReportVerdict = z.looseObject({
  metrics: z.record(z.string(), ReportComparison.extend({ pAdjusted: z.number().optional() })).default({}),
  amounts: z.record(z.string(), Amount).default({}),
  leftOut: z.array(z.object({ metric: z.string(), why: z.string() })).default([]),
})
export type ReportVerdict = z.infer<typeof ReportVerdict>

/** Metrics by suite, for example `heldOutValues`. */
const BySuite = z.record(z.string(), Metrics)

export const ReportArm = z.looseObject({
  name: z.string(),
  /** One phrase that a newcomer understands: what this arm was trained on. */
  description: z.string().default(''),
  demonstrations: count.optional(),
  steps: count.optional(),
})
export type ReportArm = z.infer<typeof ReportArm>

/** A run of text, best one token each, and whether the loss is taken on it. */
export const TokenSegment = z.object({ text: z.string(), trains: z.boolean() })
export type TokenSegment = z.infer<typeof TokenSegment>

/** One sample as the trainer sees it; the segments joined are the rendered text. */
export const TokenView = z.looseObject({
  title: z.string().default(''),
  trajectory: z.string().optional(),
  tokens: count.optional(),
  trainedTokens: count.optional(),
  messages: z.array(z.object({ role: Role, segments: z.array(TokenSegment) })),
})
export type TokenView = z.infer<typeof TokenView>

export const SideMessage = z.looseObject({ role: Role, origin: Origin.optional(), content: z.string() })
export type SideMessage = z.infer<typeof SideMessage>

export const SideRound = z.looseObject({
  round: z.number().int().positive(),
  passed: z.boolean(),
  messages: z.array(SideMessage),
})
export type SideRound = z.infer<typeof SideRound>

export const Side = z.looseObject({ arm: z.string(), passed: z.boolean(), rounds: z.array(SideRound) })
export type Side = z.infer<typeof Side>

/** One task as two arms went about it. */
export const SideBySide = z.looseObject({
  task: z.string(),
  suite: z.string().optional(),
  family: z.string().optional(),
  request: z.string(),
  before: Side,
  after: Side,
})
export type SideBySide = z.infer<typeof SideBySide>

const SelectionDetail = z.looseObject({
  /** Coverage: how many were chosen of each family, and how many the pool held. */
  families: z.array(z.object({ family: z.string(), chosen: count, pool: count.optional() })),
  /** At least one example for each reason in `selection.excluded`. */
  examples: z.array(
    z.object({
      reason: z.string(),
      trajectory: z.string(),
      detail: z.string().optional(),
      request: z.string().optional(),
    }),
  ),
})
/**
 * `report.json`: one run from queries to verdict. The first block is the published contract; the rest is what the page
 * shows beyond it, so that a report with the contract alone is still a valid one. `dataset` and `training` are null
 * where a run ended before them.
 */
export const RunReport = z.looseObject({
  queries: z.looseObject({ train: count, heldOutValues: count, heldOutFamilies: count, mined: count }),
  trajectories: z.looseObject({ builtIn: count, imported: count }),
  selection: z.looseObject({ chosen: count, excluded: z.record(z.string(), count) }),
  dataset: z
    .looseObject({ samples: count, tokens: count, trainedTokens: count, proof: z.enum(['ok', 'failed']) })
    .nullable(),
  training: z
    .looseObject({
      engine: z.string(),
      base: z.string(),
      steps: count,
      seconds: z.number().nonnegative(),
      /** One number a logged step; null where the engine logged none that is finite. */
      loss: z.array(z.number().nullable()),
    })
    .nullable(),
  /** By arm: `base`, `curated`, and with controls `random78`, `pool`, `good300`. */
  evaluation: z.record(z.string(), BySuite),
  /** The primary pair, base → curated, on SR. */
  verdict: z.record(z.string(), ReportComparison),
  /** Wall time by stage. */
  seconds: z.record(z.string(), z.number().nonnegative()),

  project: z.string().default(''),
  limi: z.string().default(''),
  /** ISO 8601. */
  created: z.string().default(''),
  seed: z.number().int().optional(),
  versions: z.record(z.string(), z.string()).default({}),
  /** In the order in which to show them. */
  arms: z.array(ReportArm).default([]),
  /** Names for people, by suite. */
  suites: z.record(z.string(), z.looseObject({ title: z.string(), description: z.string().default('') })).default({}),
  protocol: z
    .looseObject({
      rounds: z.number().int().positive().default(3),
      turns: count.optional(),
      tokensPerTurn: count.optional(),
      /** Who decides rubrics, models by name; absent where hidden checks decide alone. */
      judges: z.array(z.string()).optional(),
    })
    .default({ rounds: 3 }),
  selectionDetail: SelectionDetail.default({ families: [], examples: [] }),
  tokens: z.array(TokenView).default([]),
  lossCurve: z.array(z.object({ step: z.number(), loss: z.number().nullable() })).default([]),
  sideBySide: SideBySide.optional(),
  /** Over the tasks of all suites: each arm's metrics, and what the comparison of the primary pair says. */
  allTasks: z
    .looseObject({ evaluation: z.record(z.string(), Metrics).default({}), verdict: ReportVerdict.prefault({}) })
    .prefault({}),
  /** Further pairs, b against a, on SR. */
  comparisons: z
    .array(z.looseObject({ a: z.string(), b: z.string(), suites: z.record(z.string(), ReportComparison) }))
    .default([]),
  /** Where the run's results come from, and anything unusual on the way: a fallback, a stage reused. A sentence each. */
  why: z.array(z.string()).default([]),
})
export type RunReport = z.infer<typeof RunReport>

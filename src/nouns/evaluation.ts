import { z } from 'zod'
import { Manifest } from './made.js'
import { Rate } from './rate.js'
import { Cause, Usage } from './trajectory.js'

export const Requirement = z.object({
  id: z.string(),
  passed: z.boolean(),
  weight: z.number().nonnegative(),
  /** What the scorer saw. Never enters a conversation. */
  evidence: z.string(),
})
export type Requirement = z.infer<typeof Requirement>

/** One answer of a judge, kept whole: what it was asked, what it said, and what was made of it. */
export const Judgement = z.looseObject({
  /** The model's name, or `human`. */
  judge: z.string(),
  /** 1-based: which of the repeats this is. */
  repeat: z.number().int().positive(),
  prompt: z.string(),
  /** The judge's own words, unchanged. */
  raw: z.string(),
  /** Null where no verdict could be read from the answer; `problem` says why. */
  score: z.number().nullable(),
  problem: z.string().optional(),
})
export type Judgement = z.infer<typeof Judgement>

/** What a scorer says of one state. Only `feedback` may enter a conversation. */
export const Score = z
  .object({
    /** From 0 to `max`. */
    score: z.number().nonnegative(),
    max: z.number().nonnegative(),
    passed: z.boolean(),
    requirements: z.array(Requirement),
    feedback: z.string().optional(),
    /** The answers that a judged score rests on; stored beside the trial, not in it. */
    judgements: z.array(Judgement).optional(),
  })
  .refine(({ score, max }) => score <= max, { path: ['score'], message: 'more than max' })
export type Score = z.infer<typeof Score>

/** What one judge took of a row: every call of its model, whether a verdict came of it or not. */
export const Judging = Usage.extend({
  /** The model's name. */
  judge: z.string(),
  calls: z.number().int().nonnegative(),
  /** By the judge's price in limi.yaml; absent where it has none. */
  cost: z.number().nonnegative().optional(),
})
export type Judging = z.infer<typeof Judging>

/** One subtask in one trial of its task: a row of every table. */
export const Trial = z.looseObject({
  task: z.string(),
  /** Digest of the task, all its subtasks included, as it was scored. */
  taskDigest: z.string(),
  /** 1-based; a task without subtasks has one. */
  subtask: z.number().int().positive().default(1),
  trial: z.number().int().positive(),
  /** Which part of the benchmark, for example `heldOutValues`. */
  suite: z.string(),
  max: z.number(),
  /** One entry a round actually played; success ends the rounds. */
  rounds: z.array(Score),
  cause: Cause,
  /** False where a cause that counts as scored came before the score: the budget ended before the judge was asked. */
  measured: z.literal(false).optional(),
  trajectory: z.string().nullable(),
  usage: Usage,
  seconds: z.number().nonnegative(),
  /** Model calls answered. */
  turns: z.number().int().nonnegative().optional(),
  /** Actions carried out: tool calls and commands that have a result. */
  calls: z.number().int().nonnegative().optional(),
  /** By the model's price in limi.yaml; absent where it has none. */
  cost: z.number().nonnegative().optional(),
  /** By judge; absent where no model was asked. */
  judging: z.array(Judging).optional(),
  /** Files changed in the workspace since the subtask began, by path. */
  diff: z.record(z.string(), z.enum(['added', 'changed', 'removed'])).default({}),
})
export type Trial = z.infer<typeof Trial>

/** `evaluations/<id>/trials/<task>-<trial>.json`: one trial of a task with its subtasks in order; one atomic file: present means done. */
export const TrialFile = z.object({
  format: z.literal('limi.trial/2'),
  task: z.string(),
  trial: z.number().int().positive(),
  subtasks: z.array(Trial).min(1),
})
export type TrialFile = z.infer<typeof TrialFile>

/** Files of the first version held one row, and tasks had no subtasks. */
export const TrialFileOnDisk = z.discriminatedUnion('format', [
  TrialFile,
  Trial.extend({ format: z.literal('limi.trial/1') }).transform((row): TrialFile => {
    const subtask: Trial = { ...row }
    delete subtask['format']
    return { format: 'limi.trial/2', task: row.task, trial: row.trial, subtasks: [subtask] }
  }),
])

/** The paper's metrics, FTFC, SR@R and RC@R, and further ones by name, each with its interval; docs/metrics.md has their formulas. */
export const Metrics = z.object({ FTFC: Rate, SR: Rate, RC: Rate }).catchall(Rate)
export type Metrics = z.infer<typeof Metrics>

/** `evaluations/<id>/manifest.json`, written last. */
export const Evaluation = Manifest.extend({
  kind: z.literal('evaluation'),
  benchmark: z.string(),
  agent: z.string(),
  model: z.string(),
  rounds: z.number().int().positive(),
  trials: z.number().int(),
  tasks: z.number().int(),
  suites: z.record(z.string(), Metrics),
  metrics: Metrics,
  /** Faults outside agent and model: retried, never counted as a failure. */
  infrastructureFaults: z.number().int(),
  seconds: z.number(),
})
export type Evaluation = z.infer<typeof Evaluation>

import { z } from 'zod'

const Named = {
  id: z.string(),
  weight: z.number().positive().default(1),
  /** What a person would say when this check fails. The only part of a check that may enter a conversation. */
  feedback: z.string().optional(),
}

/** What text must satisfy; every given condition holds. */
const TextConditions = {
  equals: z.string().optional(),
  contains: z.string().optional(),
  /** A JavaScript regular expression, flags `mu`. */
  matches: z.string().optional(),
}

/** One requirement on the final state, seen by nobody but the scorer. */
export const Check = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    ...Named,
    path: z.string(),
    exists: z.boolean().default(true),
    ...TextConditions,
  }),
  z.object({ kind: z.literal('answer'), ...Named, ...TextConditions }),
  z.object({
    kind: z.literal('command'),
    ...Named,
    run: z.string(),
    exitCode: z.number().int().default(0),
    ...TextConditions,
  }),
])
export type Check = z.infer<typeof Check>

/** One requirement that a judge, a model or a person, decides on the final state. */
export const RubricItem = z.object({
  ...Named,
  /** What must hold, in words that can be answered with yes or no. */
  requirement: z.string().min(1),
  /** True where something must not be there: a yes then needs no quote, and counts only where the judge was shown everything. */
  absence: z.boolean().optional(),
})
export type RubricItem = z.infer<typeof RubricItem>

const Variables = z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'no name of a variable'), z.string())

/** How success is scored. Hidden from the agent and out of every sample. */
export const Scoring = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checks'), checks: z.array(Check).min(1) }),
  z.object({
    kind: z.literal('judge'),
    rubric: z.array(RubricItem).min(1),
    /** The share of the points from which a state passes: 0.6 in AgencyBench v2. */
    passAt: z.number().gt(0).max(1).default(1),
    /** Files that the judge reads, as glob patterns; where not given, those that the agent added or changed. */
    files: z.array(z.string()).optional(),
  }),
  /** A function of the benchmark's own module, run in a child process with limits. */
  z.object({ kind: z.literal('module'), module: z.string(), scorer: z.string().default('score') }),
  /** Hidden tests that come into the sandbox once a round is over, and go again before the next one. */
  z.object({
    kind: z.literal('verifier'),
    /** Files and folders of this machine, relative to the project: a file, or what a folder holds, lies in `/tests`, a later one over an earlier one. */
    tests: z.array(z.string()).min(1),
    /** SHA-256 of the tests: others would measure something else. */
    digest: z.string(),
    /** Run in the workspace. */
    run: z.string(),
    env: Variables.default({}),
    seconds: z.number().positive(),
    /** How the verdict is read: from the reward's file of Harbor's, or from what was printed, as Terminal-Bench's parsers do. */
    verdict: z.enum(['reward', 'pytest', 'swebench', 'swelancer', 'mlebench', 'sweperf']),
  }),
  z.object({ kind: z.literal('none'), why: z.string() }),
])
export type Scoring = z.infer<typeof Scoring>

const Image = { env: Variables.optional() }

/** Where the agent starts. */
export const Start = z.object({
  /** Text files by relative path. */
  files: z.record(z.string(), z.string()).default({}),
  repository: z.object({ path: z.string(), commit: z.string() }).optional(),
  /** The container image to begin in, its working folder being the workspace: the name of one, or a folder with its Dockerfile; `env` beside its own variables. */
  image: z.union([z.object({ name: z.string(), ...Image }), z.object({ build: z.string(), ...Image })]).optional(),
  /** Commands run once, with the network, before the agent: `npm ci`. */
  setup: z.array(z.string()).optional(),
  /** In MiB: what all processes may hold together, and what may be written; the sandbox's own limits where not given. */
  limits: z.object({ memory: z.number().positive().optional(), disk: z.number().positive().optional() }).optional(),
})
export type Start = z.infer<typeof Start>

export const QuerySource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('benchmark'), benchmark: z.string(), parameters: z.record(z.string(), z.unknown()) }),
  z.object({
    kind: z.literal('mined'),
    repository: z.string(),
    base: z.string().nullable(),
    head: z.string(),
    author: z.string().optional(),
    changedFiles: z.array(z.string()),
  }),
  z.object({ kind: z.literal('person'), name: z.string().optional() }),
  z.object({ kind: z.literal('imported'), from: z.string() }),
])
export type QuerySource = z.infer<typeof QuerySource>

/** What a person asks an agent to do, where it starts, and how success is scored. */
export const Query = z.looseObject({
  format: z.literal('limi.query/1'),
  id: z.string(),
  /** The first thing the person says. */
  request: z.string().min(1),
  split: z.enum(['train', 'heldout']).default('train'),
  /** Labels for coverage: family, wording, category, language… */
  tags: z.record(z.string(), z.string()).default({}),
  start: Start,
  scoring: Scoring,
  source: QuerySource,
  licence: z.string().optional(),
})
export type Query = z.infer<typeof Query>

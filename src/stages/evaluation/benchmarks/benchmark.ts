import type { Query, ScriptEntry } from '../../../nouns/index.js'

/** One task of a benchmark; its id is stable for the same seed. */
export interface BenchmarkTask {
  readonly id: string
  /** Which part of the benchmark, for example `heldOutValues`. */
  readonly suite: string
  /** The task's only subtask, or the first. */
  readonly query: Query
  /** Its further subtasks, in order, each begun in the workspace as the one before left it. */
  readonly further?: readonly Query[]
}

/** All subtasks of a task, in order. */
export const subtasksOf = ({ query, further = [] }: Pick<BenchmarkTask, 'query' | 'further'>): readonly Query[] => [
  query,
  ...further,
]

/** Queries to learn from, with the scripts of those who demonstrate them. */
export interface Demonstrations {
  /** Each tagged `demonstrator`: the name of the script that works on it in the pool. */
  readonly queries: readonly Query[]
  /** Entries of `script:` models by demonstrator's name. Every demonstrator-independent `expert` entry exists for every query. */
  readonly scripts: Readonly<Record<string, readonly ScriptEntry[]>>
}

/** A task that is not measured, and why. */
export interface LeftOut {
  readonly id: string
  readonly why: string
}

export interface Benchmark {
  readonly name: string
  readonly description: string
  /** Suites of held-out tasks, in the order that reports show them. */
  readonly suites: readonly string[]
  /** Tasks of each suite, where there are only so many; others are drawn, as many as are asked for. */
  readonly sizes?: Readonly<Record<string, number>>
  /** Tasks that it has and does not give. */
  readonly leftOut?: readonly LeftOut[]
  /** What a person must know of all its tasks as they are measured here. */
  readonly notes?: readonly string[]
  /** Held-out tasks, deterministic by seed; `count` is tasks a suite. */
  tasks(options: { readonly seed: number; readonly count: Readonly<Record<string, number>> }): readonly BenchmarkTask[]
  /** What may be taught; absent in a benchmark that only measures. */
  demonstrations?(options: { readonly seed: number; readonly count: number }): Demonstrations
}

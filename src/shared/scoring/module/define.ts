import type { OwnTask } from '../../../nouns/index.js'

/** A task of a module: as in a YAML file, with an id. */
export type ModuleTask = Partial<Omit<OwnTask, 'id'>> & { readonly id: string }

/** The workspace as the agent left it; what it wrote is data, and may be made to deceive. */
export interface ScoredFiles {
  /** Paths of all files, sorted. */
  list(): readonly string[]
  /** Null where there is no such file; bytes that are no UTF-8 become U+FFFD. */
  text(path: string): string | null
  /** Null where there is no such file. */
  bytes(path: string): Uint8Array | null
}

export interface ScoreInput {
  readonly task: {
    readonly id: string
    /** 1-based. */
    readonly subtask: number
    readonly request: string
    readonly tags: Readonly<Record<string, string>>
    /** The task's `data`, which the agent never sees. */
    readonly data: Readonly<Record<string, unknown>>
  }
  readonly files: ScoredFiles
  /** The agent's last words. */
  readonly answer: string
}

/** What a module's scorer says of one state. Only `feedback` may enter a conversation. */
export interface GivenScore {
  /** From 0 to `max`. */
  readonly score: number
  readonly max: number
  readonly passed: boolean
  /** Where not given, there is one: that it passed. */
  readonly requirements?: readonly {
    readonly id: string
    readonly passed: boolean
    readonly weight?: number
    readonly evidence?: string
  }[]
  /** What a person would say of a state that did not pass. */
  readonly feedback?: string
}

/** A benchmark of the user's own, which a module exports as `benchmark`. */
export interface OwnBenchmark {
  readonly name: string
  readonly description?: string
  readonly licence?: string
  /** In the order that reports show them; with it, a task of any other suite is refused. */
  readonly suites?: readonly string[]
  /** Seconds that one call of `score` may take: 30 where not given, 600 at most. */
  readonly seconds?: number
  readonly tasks: readonly ModuleTask[] | (() => readonly ModuleTask[] | Promise<readonly ModuleTask[]>)
  /** Scores what has neither checks nor a rubric of its own. */
  readonly score?: (input: ScoreInput) => GivenScore | Promise<GivenScore>
}

/** Types a benchmark; does nothing else. `export const benchmark = defineBenchmark({ name, tasks, score })`. */
export const defineBenchmark = (benchmark: OwnBenchmark): OwnBenchmark => benchmark

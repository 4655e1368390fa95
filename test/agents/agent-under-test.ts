import type { ScriptEntry } from '../../src/nouns/index.js'

type Call = NonNullable<ScriptEntry['replies'][number]['toolCalls']>[number]

/** A compaction that is asked for, between two sessions. */
export interface TypedCompaction {
  readonly prompt: string
  /** Words of what it then asks the model for. */
  readonly asks: string
}

/** A compaction that the agent makes by itself within a turn, when the model says that it counted so many tokens. */
export interface CountedCompaction {
  readonly tokens: number
  readonly asks: string
  /** What brings it to do so where it would not with these tokens. */
  readonly args?: readonly string[]
  readonly settle?: (home: string) => Promise<void>
  /** Whether it has its maker's service sum up, unless it was told of another model (`--upstream MODEL`). */
  readonly byService?: true
}

/** How a known agent is made to work on its own, against a model at `root`. */
export interface AgentUnderTest {
  readonly name: string
  /** Of which a path is expected in `LIMI_TEST_<NAME>`. */
  readonly env: (root: string) => Record<string, string>
  readonly ask: (prompt: string) => readonly string[]
  readonly askAgain: (prompt: string) => readonly string[]
  readonly shell: (command: string) => Call
  /** Absent where the agent has no sub-agents that a script can start. */
  readonly subagent?: (prompt: string) => Call
  /** What the main line does meanwhile, where a sub-agent works beside it: something that takes longer. */
  readonly meanwhile?: Call
  /** What it ends with although all went well in the end; 0 where not given. */
  readonly exitCode?: number
  /** Absent where its program on its own cannot be brought to sum its session up. */
  readonly compact?: TypedCompaction | CountedCompaction
  /** Whether it asks once more where a stream breaks. */
  readonly mendsCuts: boolean
  /** What it asks besides its turns, which the script must answer. */
  readonly asides: readonly ScriptEntry[]
  readonly settle?: (home: string) => Promise<void>
}

export const toolCall = (name: string, args: object): Call => ({ name, arguments: JSON.stringify(args, null, 1) })

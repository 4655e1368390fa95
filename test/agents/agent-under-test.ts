import type { ScriptEntry } from '../../src/nouns/index.js'

type Call = NonNullable<ScriptEntry['replies'][number]['toolCalls']>[number]

/** A compaction between two sessions. */
export interface CompactionBetween {
  /** What asks for it; absent where the agent makes it by itself when it goes on. */
  readonly prompt?: string
  /** How the script knows what it then asks the model for. */
  readonly asks: NonNullable<ScriptEntry['match']>
  /** What brings it to do so with so short a session. */
  readonly settle?: (home: string) => Promise<void>
}

/** A compaction that the agent makes by itself within a turn, when the model says that it counted so many tokens. */
export interface CountedCompaction {
  readonly tokens: number
  readonly asks: NonNullable<ScriptEntry['match']>
  /** How the script knows what it asks for then; by the summary where not given. */
  readonly goesOn?: NonNullable<ScriptEntry['match']>
  /** Whether it asks on without end after it, so that the script must come to one. */
  readonly isEndless?: true
  /** What brings it to do so where it would not with these tokens. */
  readonly args?: readonly string[]
  readonly settle?: (home: string) => Promise<void>
  /** Whether it has its maker's service sum up, unless it was told of another model (`--upstream MODEL`). */
  readonly byService?: true
}

/** How a known agent is made to work on its own, against a model at `root`. */
export interface AgentUnderTest {
  readonly name: string
  readonly env: (root: string) => Record<string, string>
  readonly ask: (prompt: string) => readonly string[]
  /** Absent where it cannot go on with a session. */
  readonly askAgain?: (prompt: string) => readonly string[]
  readonly shell: (command: string) => Call
  /** Absent where the agent has no sub-agents that a script can start. */
  readonly subagent?: (prompt: string) => Call
  /** How a sub-agent hands in what it found, where words alone do not. */
  readonly handIn?: (text: string) => Call
  /** What the main line does meanwhile, where a sub-agent works beside it: something that takes longer. */
  readonly meanwhile?: Call
  /** What it must call to be done, which gets no result. */
  readonly submit?: Call
  /** What it ends with although all went well in the end; 0 where not given. */
  readonly exitCode?: number
  /** Absent where its program on its own cannot be brought to sum its session up. */
  readonly compact?: CompactionBetween | CountedCompaction
  /** Whether it asks once more where a stream breaks. */
  readonly mendsCuts: boolean
  /** What it asks besides its turns, which the script must answer. */
  readonly asides: readonly ScriptEntry[]
  readonly settle?: (home: string) => Promise<void>
}

/** Where a program's path is expected. */
export const variableOf = ({ name }: AgentUnderTest): string => `LIMI_TEST_${name.toUpperCase().replaceAll('-', '_')}`

export const toolCall = (name: string, args: object): Call => ({ name, arguments: JSON.stringify(args, null, 1) })

import type { ScriptEntry } from '../../src/nouns/index.js'

type Call = NonNullable<ScriptEntry['replies'][number]['toolCalls']>[number]

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
  /** What it ends with although all went well in the end; 0 where not given. */
  readonly exitCode?: number
  /** What makes it sum its session up, and what it then asks the model for. Absent where its programs on their own cannot be told to. */
  readonly compact?: { readonly prompt: string; readonly asks: string }
  /** Whether it asks once more where a stream breaks. */
  readonly mendsCuts: boolean
  /** What it asks besides its turns, which the script must answer. */
  readonly asides: readonly ScriptEntry[]
  readonly settle?: (home: string) => Promise<void>
}

export const toolCall = (name: string, args: object): Call => ({ name, arguments: JSON.stringify(args, null, 1) })

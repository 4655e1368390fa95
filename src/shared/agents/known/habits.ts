import type { WireRequest } from '../../wire/index.js'

/** Who called: what a vendor's headers and bodies say is a hint. */
export interface CallIdentity {
  /** The vendor's own name of the session, where it sends one. */
  readonly session?: string
  /** The vendor's name of the sub-agent, where it says that one is calling. */
  readonly subagent?: string
  /** What the vendor says that the call is for besides a turn, as `title` or `compact`. */
  readonly purpose?: string
}

/** Names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>

/** How a program talks to its model, as far as it cannot be told from the calls alone. */
export interface AgentHabits {
  readonly name: string
  /** @param body of the request, as JSON */
  readonly identityOf: (headers: Headers, body: unknown) => CallIdentity
  /** Who speaks in a text that stands in a person's turn. */
  readonly speakerOf: (text: string) => 'human' | 'agent'
  /** Whether a tool starts a sub-agent. Undefined: no telling by its name. */
  readonly spawns: (tool: string) => boolean | undefined
  /** Whether a text of a user's turn stands for history that was summed up. */
  readonly isSummary: (text: string) => boolean
  /** What a call is for that is no turn, as `title`; undefined where the request does not tell. */
  readonly purposeOf: (request: WireRequest) => string | undefined
}

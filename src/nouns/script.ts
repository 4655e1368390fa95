import { z } from 'zod'
import { StopReason, Usage } from './trajectory.js'

/** What goes wrong instead of a reply, to see how an agent takes it. */
export const ScriptFault = z.discriminatedUnion('kind', [
  /** An HTTP error where the model is served: 429, 503, … */
  z.strictObject({ kind: z.literal('status'), status: z.number().int().min(400).max(599) }),
  /** The connection breaks after so many characters of what would have been said. */
  z.strictObject({ kind: z.literal('cut'), after: z.number().int().nonnegative() }),
])
export type ScriptFault = z.infer<typeof ScriptFault>

/** One scripted response. */
export const ScriptReply = z.strictObject({
  text: z.string().default(''),
  reasoning: z.string().optional(),
  toolCalls: z.array(z.strictObject({ id: z.string().optional(), name: z.string(), arguments: z.string() })).optional(),
  stop: StopReason.optional(),
  /** What is said to have been counted, for agents that act on it: one that thinks its context full makes it smaller. */
  usage: Usage.optional(),
  /** Milliseconds before it is given. */
  delayMs: z.number().nonnegative().optional(),
  /** Milliseconds before each word of text and reasoning; all at once where not given. */
  wordMs: z.number().nonnegative().optional(),
  /** What the first attempts at this reply meet, one each; the next attempt at the same request is answered. */
  faults: z.array(ScriptFault).optional(),
})
export type ScriptReply = z.infer<typeof ScriptReply>

/** One line of a `script:FILE` model: the replies to one conversation, in order of the assistant's turns. */
export const ScriptEntry = z.strictObject({
  /** The exact text of the conversation's first user message; absent, with no `match`: any conversation that no other entry names. */
  request: z.string().optional(),
  /**
   * For agents that put words of their own around what a person says: texts that occur in a user message, and in the system prompt. Replies
   * are counted from the last such message on; the entry whose message is the latest speaks.
   */
  match: z
    .strictObject({ user: z.string().optional(), system: z.string().optional() })
    .refine(({ user, system }) => user !== undefined || system !== undefined, 'needs `user` or `system`')
    .optional(),
  replies: z.array(ScriptReply).min(1),
})
export type ScriptEntry = z.infer<typeof ScriptEntry>

import { z } from 'zod'
import { PartList } from '../gemini-parts/index.js'

const Loose = z.looseObject({})

export const ToolCallRecord = z.looseObject({
  id: z.string(),
  name: z.string(),
  args: z.unknown().optional(),
  result: PartList.nullish(),
  status: z.string().nullish(),
  agentId: z.string().nullish(),
})
export type ToolCallRecord = z.infer<typeof ToolCallRecord>

const Thought = z.looseObject({ subject: z.string().nullish(), description: z.string().nullish() })

/** `MessageRecord` in google-gemini/gemini-cli, packages/core/src/services/chatRecordingTypes.ts; Qwen Code's first versions say `qwen`. */
export const MessageRecord = z.looseObject({
  id: z.string(),
  timestamp: z.string().nullish(),
  type: z.enum(['user', 'gemini', 'qwen', 'info', 'error', 'warning']),
  content: PartList.nullish(),
  toolCalls: z.array(ToolCallRecord).nullish(),
  thoughts: z.array(Thought).nullish(),
  tokens: Loose.nullish(),
  model: z.string().nullish(),
})
export type MessageRecord = z.infer<typeof MessageRecord>

/** What a session says of itself: its first line, or what stands beside `messages`. */
export const Metadata = z.looseObject({
  sessionId: z.string(),
  projectHash: z.string(),
  startTime: z.string().nullish(),
  kind: z.string().nullish(),
})
export type Metadata = z.infer<typeof Metadata>

export const SessionDocument = Metadata.extend({ messages: z.array(z.unknown()) })

export const SetRecord = z.looseObject({ $set: Loose })
export type SetRecord = z.infer<typeof SetRecord>
export const RewindRecord = z.looseObject({ $rewindTo: z.string() })

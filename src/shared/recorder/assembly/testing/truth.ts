import type { Message, Origin, Thread, ToolCall } from '../../../../nouns/index.js'
import type { WireMessage } from '../../../wire/index.js'

/** A message as a simulated agent knows it. */
export interface TrueMessage {
  readonly role: WireMessage['role']
  readonly origin: Origin
  readonly text: string
  readonly reasoning?: string
  readonly calls?: readonly Pick<ToolCall, 'id' | 'name' | 'arguments'>[]
  readonly result?: string
}

export interface TrueThread {
  readonly parent?: {
    readonly thread: TrueThread
    /** How many of its messages came before. */
    readonly after: number
    readonly relation: 'subagent' | 'compaction' | 'edit'
    readonly toolCall?: string
  }
  /** The number of its first call. */
  first: number
  readonly messages: TrueMessage[]
}

interface Told {
  readonly key: string
  readonly messages: readonly string[]
}

/** What both an assembly and the truth can be told as: threads by where they hang, since attempts of runs alike cannot be told apart. */
export function told(threads: readonly TrueThread[]): readonly Told[] {
  const keyOf = ({ parent, messages }: TrueThread): string =>
    parent === undefined
      ? rootKey(messages.map(tell))
      : `${keyOf(parent.thread)} ${hanging(parent, messages.map(tell))}`
  return byKey(
    threads.filter(({ first }) => first > 0).map((one) => ({ key: keyOf(one), messages: one.messages.map(tell) })),
  )
}

const rootKey = (messages: readonly string[]): string => messages.slice(0, 4).join()

const hanging = (
  { relation, after, toolCall }: { relation: string; after: number; toolCall?: string },
  messages: readonly string[],
): string => `${relation} after ${after} by ${toolCall ?? '-'} ${relation === 'edit' ? messages[0] : ''}`

const byKey = (all: readonly Told[]): readonly Told[] => [...all].sort((a, b) => (a.key < b.key ? -1 : 1))

const tell = ({ role, origin, text, reasoning, calls, result }: TrueMessage): string =>
  JSON.stringify([role, origin, text, reasoning ?? null, calls ?? [], result ?? null])

export function toldOf(threads: readonly Thread[]): readonly Told[] {
  const byId = new Map(threads.map((thread) => [thread.id, thread]))
  const keyOf = ({ parent, messages }: Thread): string => {
    const said = messages.map(tellMessage)
    const of = parent === undefined ? undefined : byId.get(parent.thread)
    if (parent === undefined || of === undefined) return rootKey(said)
    const after = of.messages.findIndex(({ id }) => id === parent.message) + 1
    return `${keyOf(of)} ${hanging({ ...parent, after }, said)}`
  }
  return byKey(threads.map((one) => ({ key: keyOf(one), messages: one.messages.map(tellMessage) })))
}

const tellMessage = (message: Message): string =>
  tell({
    role: message.role,
    origin: message.origin,
    text: typeof message.content === 'string' ? message.content : message.content.map(({ text }) => text).join('|'),
    ...(message.reasoning?.text === undefined ? {} : { reasoning: message.reasoning.text }),
    calls: (message.toolCalls ?? []).map(({ id, name, arguments: text }) => ({ id, name, arguments: text })),
    ...(message.toolCallId === undefined ? {} : { result: message.toolCallId }),
  })

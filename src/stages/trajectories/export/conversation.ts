import { own, type Message, type Thread, type ToolSpec, type Trajectory } from '../../../nouns/index.js'
import { mainLineOf } from '../threads/index.js'

/** The one conversation of a trajectory that a format without threads holds. */
export interface ExportedConversation {
  /** The thread that it ends in. */
  readonly thread: Pick<Thread, 'id' | 'extra'>
  /** Messages shared with the thread's parent first, where it is an edit of it. */
  readonly messages: readonly Message[]
  /** The list that the last call was offered. */
  readonly tools: readonly ToolSpec[]
  /** Threads of which no message, or not every message, is in it. */
  readonly leftOut: readonly string[]
}

/**
 * The last stretch of the main line: it ends in the final answer, and what a compaction put at its beginning is what the model was
 * shown. Earlier stretches, other branches and sub-agents are left out.
 */
export function conversationOf(trajectory: Trajectory): ExportedConversation {
  const line = mainLineOf(trajectory.threads)
  const last = line.at(-1) ?? { id: 'main', messages: [] }
  const messages = wholeOf(last, trajectory.threads)
  const inIt = new Set(messages)
  const isLeftOut = (thread: Thread): boolean => thread.messages.some((message) => !inIt.has(message))
  return {
    thread: last,
    messages,
    tools: toolsOf(trajectory, messages),
    leftOut: trajectory.threads.filter((thread) => thread !== last && isLeftOut(thread)).map(({ id }) => id),
  }
}

/** An edit shares the history of its parent up to the message that it goes on from. */
function wholeOf(thread: Thread, threads: readonly Thread[], seen: readonly string[] = []): Message[] {
  const { id, parent } = thread
  const path = [...seen, id]
  const before = parent?.relation === 'edit' ? threads.find((one) => one.id === parent.thread) : undefined
  // A file may say that a thread goes on from itself.
  if (parent === undefined || before === undefined || path.includes(before.id)) return [...thread.messages]
  const history = wholeOf(before, threads, path)
  const at = history.findIndex((message) => message.id === parent.message)
  return [...history.slice(0, at + 1), ...thread.messages]
}

function toolsOf(trajectory: Trajectory, messages: readonly Message[]): readonly ToolSpec[] {
  const offered = messages.findLast((message) => message.call?.tools !== undefined)?.call?.tools
  const name = offered ?? Object.keys(trajectory.tools)[0]
  return name === undefined ? [] : (own(trajectory.tools, name) ?? [])
}

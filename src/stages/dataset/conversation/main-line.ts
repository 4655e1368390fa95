import type { Message, Thread, Trajectory } from '../../../nouns/index.js'
import { plural } from '../../../shared/report/index.js'
import type { Note } from '../notes.js'

/** Which messages teach. The name is recorded, so that a rerun and a check know the rule that was used. */
export interface TrainingRule {
  readonly name: string
  readonly trains: (message: Message, trajectory: Trajectory) => boolean
}

/** Every message that the model itself emitted, but those that their source weighs 0. */
export const onModelMessages: TrainingRule = {
  name: 'origin-model',
  trains: (message) => message.origin === 'model' && message.weight !== 0,
}

/** Which threads make samples: the main line alone, or sub-agents too, each a line of its own. */
export type Threads = 'main' | 'all'

/** A run of messages that the model saw as one history: a line's first thread, or a continuation after compaction. */
export interface Stretch {
  readonly id: string
  readonly thread: Thread
  /** Ids of messages that an earlier stretch trains; here they are context, so that no token teaches twice. */
  readonly alreadyTrained: ReadonlySet<string>
}

export interface MainLine {
  readonly stretches: readonly Stretch[]
  readonly notes: readonly Note[]
}

/**
 * The main line is the root thread and its continuations after compaction: `<trajectory>`, `<trajectory>.part-2`… With `all`, each sub-agent's
 * thread is a line of the same kind: `<trajectory>.<thread>`, `<trajectory>.<thread>.part-2`… Any other thread is left out with a note.
 */
export function stretchesOf(
  trajectory: Trajectory,
  rule: TrainingRule = onModelMessages,
  threads: Threads = 'main',
): MainLine {
  const [root] = trajectory.threads.filter((thread) => thread.parent === undefined)
  if (root === undefined) return { stretches: [], notes: [] }
  const starts = trajectory.threads.filter(
    (thread) => thread === root || (threads === 'all' && thread.parent?.relation === 'subagent'),
  )
  const lines = starts.map((start) => ({
    id: start === root ? trajectory.id : `${trajectory.id}.${start.id}`,
    threads: lineFrom(start, trajectory.threads),
  }))
  const used = new Set(lines.flatMap((line) => line.threads))
  const left = trajectory.threads.filter((thread) => !used.has(thread))
  return {
    stretches: lines.flatMap((line) => asStretches(trajectory, line, rule)),
    notes: left.map((thread) => leftOut(trajectory.id, thread)),
  }
}

/** A thread with all that continues it after compaction. */
function lineFrom(start: Thread, threads: readonly Thread[]): readonly Thread[] {
  const line = [start]
  for (const thread of threads) {
    const continues = thread.parent?.relation === 'compaction' && line.some(({ id }) => id === thread.parent?.thread)
    if (continues && !line.includes(thread)) line.push(thread)
  }
  return line
}

interface Line {
  readonly id: string
  readonly threads: readonly Thread[]
}

function asStretches(trajectory: Trajectory, line: Line, rule: TrainingRule): Stretch[] {
  const trained = new Map<string, Message>()
  return line.threads.map((thread, index) => {
    const alreadyTrained = new Set<string>()
    for (const message of thread.messages) {
      if (!trainsIn(message, trajectory, rule)) continue
      const before = trained.get(message.id)
      if (before !== undefined && saysTheSame(before, message)) alreadyTrained.add(message.id)
      else trained.set(message.id, message)
    }
    return { id: index === 0 ? line.id : `${line.id}.part-${index + 1}`, thread, alreadyTrained }
  })
}

/** Ids are unique within a thread only: the same id may name another message elsewhere. */
const saysTheSame = (one: Message, other: Message): boolean =>
  JSON.stringify([one.content, one.toolCalls ?? []]) === JSON.stringify([other.content, other.toolCalls ?? []])

/** Rebuilt history was never said by the model: no rule can make it train. */
export const trainsIn = (message: Message, trajectory: Trajectory, rule: TrainingRule): boolean =>
  message.role === 'assistant' && message.origin !== 'rebuilt' && rule.trains(message, trajectory)

function leftOut(trajectory: string, thread: Thread): Note {
  const relation = thread.parent?.relation ?? 'another root'
  const what = `thread ${thread.id} (${relation}) is not on the main line: its ${plural(thread.messages.length, 'message makes', 'messages make')} no sample`
  const place = thread.parent?.message === undefined ? 'at its beginning' : `after message ${thread.parent.message}`
  const taught = `; what is taught ${place} is the line that the edit replaced`
  return { sample: trajectory, code: 'thread-left-out', message: relation === 'edit' ? what + taught : what }
}

import type { Message, SampleProof, Thread, Trajectory } from '../../../nouns/index.js'
import { trainsIn, type Threads, type TrainingRule } from '../conversation/index.js'

/**
 * Whether the samples of a trajectory train each message that is to train exactly once, and no other. What they train is read off their
 * proofs; what is to train off the trajectory, without the stretches that the samples were made by.
 */
export function trainsOnce(
  trajectory: Trajectory,
  rule: TrainingRule,
  threads: Threads,
  proofs: readonly Pick<SampleProof, 'thread' | 'spans'>[],
): boolean {
  const byId = new Map(trajectory.threads.map((thread) => [thread.id, thread]))
  const [root] = trajectory.threads.filter(({ parent }) => parent === undefined)
  const taught = trajectory.threads.filter((thread) => {
    const start = startOf(thread, byId)
    return start === root || (threads === 'all' && start.parent?.relation === 'subagent')
  })
  const wanted = new Set<string>()
  for (const thread of taught) {
    for (const message of thread.messages)
      if (trainsIn(message, trajectory, rule)) wanted.add(nameOf(startOf(thread, byId), message))
  }
  const trained = proofs.flatMap(({ thread: id = '', spans }) => {
    const thread = byId.get(id)
    const messages = new Set(spans.map(({ message }) => message))
    const said = thread?.messages.filter((message) => messages.has(message.id)) ?? []
    return thread === undefined ? [''] : said.map((message) => nameOf(startOf(thread, byId), message))
  })
  return trained.length === wanted.size && trained.every((message) => wanted.delete(message))
}

/** The thread that a line of compactions began with. */
function startOf(thread: Thread, byId: ReadonlyMap<string, Thread>): Thread {
  let start = thread
  for (let steps = 0; start.parent?.relation === 'compaction' && steps < byId.size; steps += 1)
    start = byId.get(start.parent.thread) ?? start
  return start
}

/** A message of a line; one that a compaction carried over has the same name. */
const nameOf = (start: Thread, { id, content, toolCalls = [] }: Message): string =>
  JSON.stringify([start.id, id, content, toolCalls])

import type { Aside, Message } from '../../../nouns/index.js'
import type { AgentHabits } from '../../agents/index.js'
import { isWhole, type Entry, type Node } from './history.js'
import { answerMessage, runsOf, shownMessage, systemMessage, type Unnamed } from './messages.js'
import type { Placing } from './placing.js'

/** The calls that are no turns. Each holds what stands nowhere else: of a history that a thread or an earlier aside shows, the rest. */
export function writeAsides(entries: readonly Entry[], placing: Placing, habits: AgentHabits): Aside[] {
  const shown = new Set<Node>()
  const systems = new Map<string, string>(placing.threads.map(({ system, id }) => [system.digest, id]))
  const beside = entries.filter((entry) => !placing.said.has(entry))
  return beside.map((entry, at): Aside => {
    const id = `a${at + 1}`
    const known = systems.get(entry.system.digest)
    systems.set(entry.system.digest, known ?? id)
    const own = ownOf(entry, placing, shown)
    const isSystem = known === undefined && entry.system.messages.length > 0
    const messages = [
      ...(isSystem ? entry.system.messages.map((one) => systemMessage(one, entry.call.time, false)) : []),
      ...shownIn(own, entry, habits),
      ...(entry.call.response?.message === undefined ? [] : [answerMessage(entry)]),
    ]
    const thread = placing.asked.get(entry)?.thread ?? placing.threadNear(entry)
    return {
      id,
      why: placing.sides.get(entry) ?? attemptOf(entry),
      ...(thread === undefined ? {} : { thread: thread.id }),
      messages: messages.map((message, index) => ({ id: `${id}:m${index + 1}`, ...message }) as Message),
      extra: { recorded: notesOf(entry, isSystem ? undefined : known) },
    }
  })
}

function ownOf(entry: Entry, placing: Placing, shown: Set<Node>): readonly Node[] {
  const own: Node[] = []
  for (let node: Node | null = entry.shown; node !== null && node.depth > 0; node = node.parent) {
    if (placing.placeOf(node) !== undefined || shown.has(node)) break
    own.unshift(node)
  }
  for (const node of [...own, ...entry.chain]) shown.add(node)
  return own
}

/** In a side call no person speaks: what it repeats of one is told in a thread. */
function shownIn(nodes: readonly Node[], entry: Entry, habits: AgentHabits): readonly Unnamed[] {
  const shown = nodes.flatMap(({ atom }) => (atom === null ? [] : [{ atom, entry, isRebuilt: false }]))
  let source: unknown
  return runsOf(shown, true, habits).map((run) => {
    const message = shownMessage(run, run.atoms[0]?.source !== source)
    source = run.atoms[0]?.source
    return message
  })
}

function attemptOf(entry: Entry): string {
  const { response, status } = entry.call
  if (isWhole(entry)) return 'an answer that did not enter the history'
  if (response?.message !== undefined) return 'a broken answer'
  if (status !== undefined && status >= 400) return `a failed attempt: HTTP ${status}`
  return response?.error === undefined ? 'a request without an answer' : 'a failed attempt'
}

function notesOf(entry: Entry, system: string | undefined): Record<string, unknown> {
  const { call } = entry
  const { response, status } = call
  return {
    call: call.id,
    ...(call.identity.purpose === undefined ? {} : { purpose: call.identity.purpose }),
    ...(status === undefined ? {} : { status }),
    ...(response?.error === undefined ? {} : { error: response.error }),
    ...(response?.complete === false ? { complete: false } : {}),
    ...(system === undefined || system === '' ? {} : { systemOf: system }),
    ...(response?.message === undefined ? { model: call.request.model } : {}),
    ...(response?.message === undefined && response?.extra !== undefined ? { response: response.extra } : {}),
  }
}

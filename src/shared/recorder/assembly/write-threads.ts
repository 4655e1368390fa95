import type { Message, Thread } from '../../../nouns/index.js'
import type { AgentHabits } from '../../agents/index.js'
import type { Draft, Item, Place } from './draft.js'
import { callIdIn } from './history.js'
import { answerMessage, runsOf, shownMessage, systemMessage, type Shown, type Unnamed } from './messages.js'
import type { Placing } from './placing.js'

interface Written {
  readonly messages: Message[]
  /** The message that each item ends in. */
  readonly ids: string[]
}

/** The threads with their messages, each after the one that it hangs on. */
export function writeThreads(placing: Placing, habits: AgentHabits): Thread[] {
  const written = new Map(placing.threads.map((thread) => [thread, write(thread, habits)]))
  const earlier = new Map<Draft, Written>()
  const answerOf = ({ parent }: Draft) => (parent?.answer === undefined ? undefined : placing.said.get(parent.answer))
  const hangsOn = (thread: Draft): Draft | undefined => answerOf(thread)?.thread ?? thread.parent?.thread
  const left = [...placing.threads]
  const threads: Thread[] = []
  while (left.length > 0) {
    const ready = left.findIndex((one) => [undefined, ...earlier.keys()].includes(hangsOn(one)))
    for (const thread of left.splice(Math.max(0, ready), 1)) {
      const parent = parentOf(thread, answerOf(thread), earlier)
      const own = written.get(thread) ?? { messages: [], ids: [] }
      const extra = notesOf(thread)
      threads.push({
        id: thread.id,
        ...(parent === undefined ? {} : { parent }),
        messages: own.messages,
        ...(extra === undefined ? {} : { extra }),
      })
      earlier.set(thread, own)
    }
  }
  return threads
}

/** Ids are the messages' numbers, after the thread's name in all but the first. */
function write(thread: Draft, habits: AgentHabits): Written {
  const messages: Message[] = []
  const ids: string[] = []
  const add = (message: Unnamed): string => {
    const id = `${thread.parent === undefined && thread.id === 'main' ? '' : `${thread.id}:`}m${messages.length + 1}`
    messages.push({ id, ...message } as Message)
    return id
  }
  for (const source of systemOf(thread)) {
    add(systemMessage(source, firstTime(thread.items), thread.parent?.relation === 'compaction'))
  }
  for (const group of groupsOf(thread.items)) {
    if (group.kind === 'said') {
      const { entry } = group
      const other = entry.system.digest === thread.system.digest ? undefined : entry.system.digest
      ids.push(add(answerMessage(entry, other)))
    } else {
      let source: unknown
      for (const run of runsOf(group.shown, thread.isSubagent, habits)) {
        const id = add(shownMessage(run, run.atoms[0]?.source !== source))
        source = run.atoms[0]?.source
        ids.push(...run.atoms.map(() => id))
      }
    }
  }
  return { messages, ids }
}

/** An edit shares its parent's. */
const systemOf = ({ parent, system }: Draft) => (parent?.relation === 'edit' ? [] : system.messages)

const firstTime = ([first]: readonly Item[]): string => first?.entry.call.time ?? ''

type Group = Extract<Item, { kind: 'said' }> | { readonly kind: 'shown'; readonly shown: Shown[] }

function groupsOf(items: readonly Item[]): readonly Group[] {
  const groups: Group[] = []
  for (const item of items) {
    const last = groups.at(-1)
    if (item.kind === 'said') groups.push(item)
    else if (item.node.atom !== null) {
      const shown = { atom: item.node.atom, entry: item.entry, isRebuilt: item.isRebuilt }
      if (last?.kind === 'shown') last.shown.push(shown)
      else groups.push({ kind: 'shown', shown: [shown] })
    }
  }
  return groups
}

/** @param answer where the call's answer stands that started a sub-agent, if it is a turn of an earlier thread */
function parentOf(thread: Draft, answer: Place | undefined, earlier: ReadonlyMap<Draft, Written>): Thread['parent'] {
  const { parent } = thread
  if (parent === undefined) return undefined
  const { relation, toolCall } = parent
  const called = answer !== undefined && earlier.has(answer.thread) ? answer : undefined
  const of = called?.thread ?? parent.thread
  const found = earlier.get(of)
  const at = called?.at ?? parent.at ?? of.items.length - 1
  const message = at === -1 ? lastSystem(of, found) : found?.ids[at]
  const isCalled = called !== undefined && toolCall !== undefined && parent.answer !== undefined
  return {
    thread: of.id,
    ...(message === undefined ? {} : { message }),
    relation,
    ...(isCalled ? { toolCall: callIdIn(parent.answer, toolCall) } : {}),
  }
}

const lastSystem = (thread: Draft, found: Written | undefined): string | undefined =>
  found?.messages[systemOf(thread).length - 1]?.id

/** Texts of system prompts that calls of the thread saw instead of its first, once each; and what came before it that nobody recorded. */
function notesOf({ items, system, notes }: Draft): Thread['extra'] {
  const others = items.flatMap((item) => (item.kind === 'said' ? [item.entry.system] : []))
  const systems = Object.fromEntries(
    others.filter(({ digest }) => digest !== system.digest).map(({ digest, text }) => [digest, text]),
  )
  const missing = [...new Set(items.flatMap(({ entry }) => entry.missing ?? []))]
  const all = {
    ...notes,
    ...(Object.keys(systems).length === 0 ? {} : { systems }),
    ...(missing.length === 0 ? {} : { missing }),
  }
  return Object.keys(all).length === 0 ? undefined : { recorded: all }
}

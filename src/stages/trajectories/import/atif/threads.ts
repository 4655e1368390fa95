import { Thread, type Message, type ToolSpec } from '../../../../nouns/index.js'
import { digestOfValue } from '../../../../shared/project/index.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { fieldsOf, type Fields } from '../values.js'
import { embeddedBy, type AtifDocument, type AtifStep } from './document.js'
import { LIMI, present, withoutLimi } from './limi.js'
import { messagesFrom, type Delegation, type StepPlace } from './step.js'
import { toolsFrom } from './tools.js'

/** A document, and the files that it names by their paths. */
export interface AtifFile {
  readonly document: AtifDocument
  readonly files: ReadonlyMap<string, AtifFile>
}

interface OpenThread extends Omit<Thread, 'messages'> {
  readonly id: string
  readonly messages: Message[]
}

type Parent = NonNullable<Thread['parent']>

/** How the first thread of a document begins. */
interface Start {
  readonly id: string
  /** Of its messages' ids. */
  readonly prefix: string
  readonly parent?: Parent
  /** Who speaks as its user: nobody but an agent asks a sub-agent. */
  readonly asked: StepPlace['asked']
}

/** Where a document's own references are looked up. */
interface Scope {
  readonly files: AtifFile['files']
  /** The documents that this one is embedded in, itself last. */
  readonly line: readonly AtifDocument[]
}

/** The threads of a document, of those that it embeds, and of the files that it names. */
export class ThreadReader {
  readonly tools: Record<string, readonly ToolSpec[]> = {}
  readonly #threads: OpenThread[] = []
  readonly #order = new Map<OpenThread, number>()
  readonly #ids = new Set<string>()
  readonly #taken = new Set<AtifDocument>()
  readonly #oddities: Oddities

  constructor(oddities: Oddities) {
    this.#oddities = oddities
  }

  read({ document, files }: AtifFile): readonly Thread[] {
    const limi = fieldsOf(withoutLimi(document.extra).limi)
    this.#document(document, { files, line: [document] }, { id: 'main', prefix: '', asked: 'human' })
    const threads = limi['thread'] === false ? this.#withoutFirst() : this.#threads
    const place = (thread: OpenThread): number => this.#order.get(thread) ?? 0
    const isExported = threads.every((thread) => this.#order.has(thread))
    return isExported ? threads.toSorted((a, b) => place(a) - place(b)) : threads
  }

  /** A document that was said to be no thread has no message of its own, unless a hand has spoilt it since. */
  #withoutFirst(): readonly OpenThread[] {
    const [first, ...others] = this.#threads
    if (first === undefined || first.messages.length === 0) return others
    this.#oddities.count('unusable-limi')
    return this.#threads
  }

  #document(document: AtifDocument, scope: Scope, { id, prefix, parent, asked }: Start): void {
    this.#taken.add(document)
    const { limi } = withoutLimi(document.extra)
    const own = parent === undefined ? undefined : { atif: rootFields(document) }
    const defaults = { model: document.agent.model_name ?? undefined, tools: this.#toolsOf(document), prefix, asked }
    let thread = this.#open({ id, parent, extra: own }, fieldsOf(limi)['thread'])
    let rebuilt = false
    for (const [index, step] of document.steps.entries()) {
      if (thread.messages.length > 0 && isBoundary(step, document)) {
        thread = this.#compacted(thread, step, scope)
        rebuilt = true
        continue
      }
      rebuilt &&= step.source !== 'agent'
      this.#step(thread, step, { ...defaults, index, rebuilt }, scope)
    }
    this.#continued(document, scope, thread, asked)
    for (const embedded of document.subagent_trajectories ?? []) this.#unnamed(embedded, scope, thread)
  }

  #step(thread: OpenThread, step: AtifStep, place: StepPlace, scope: Scope): void {
    const { messages, delegations } = messagesFrom(step, place, this.#oddities)
    thread.messages.push(...messages)
    const said = messages[0]?.id ?? lastOf(thread)
    for (const one of delegations) this.#delegated(one, scope, { thread: thread.id, message: said })
  }

  #delegated({ ref, toolCall }: Delegation, scope: Scope, parent: Omit<Parent, 'relation'>): void {
    const found = find(ref, scope)
    if (found === null) this.#oddities.count('unresolved-reference')
    if (found === null || this.#taken.has(found.document)) return
    const { document, name } = found
    const id = this.#unused(document.trajectory_id ?? ref.session_id ?? document.session_id ?? name)
    this.#document(document, found.scope, {
      id,
      prefix: `${id}:`,
      asked: 'agent',
      parent: { ...parent, relation: 'subagent', ...(toolCall === undefined ? {} : { toolCall }) },
    })
  }

  /** What an agent put in place of its history goes on in a thread of its own; the step that says so was not said to the model. */
  #compacted(before: OpenThread, step: AtifStep, scope: Scope): OpenThread {
    const { limi, extra } = withoutLimi(step.extra)
    const parent = { thread: before.id, message: lastOf(before) }
    const thread = this.#open(
      {
        id: `compaction-${this.#threads.length}`,
        parent: { ...parent, relation: 'compaction' },
        extra: { atif: { boundary: present({ ...step, extra }) } },
      },
      fieldsOf(limi)['thread'],
    )
    const refs = messagesFrom(
      { ...step, extra },
      { index: 0, prefix: '', rebuilt: false, asked: 'agent' },
      this.#oddities,
    ).delegations
    for (const one of refs) this.#delegated(one, scope, parent)
    return thread
  }

  #continued(
    { continued_trajectory_ref: next }: AtifDocument,
    { files }: Scope,
    thread: OpenThread,
    asked: Start['asked'],
  ): void {
    if (typeof next !== 'string') return
    const file = files.get(next)
    if (file === undefined || thread.messages.length === 0) this.#oddities.count('unresolved-reference')
    if (file === undefined || thread.messages.length === 0 || this.#taken.has(file.document)) return
    const id = this.#unused(`continuation-${this.#threads.length}`)
    const parent: Parent = { thread: thread.id, message: lastOf(thread), relation: 'compaction' }
    this.#document(file.document, { files: file.files, line: [file.document] }, { id, prefix: `${id}:`, parent, asked })
  }

  /** An embedded document that no reference led to. */
  #unnamed(document: AtifDocument, scope: Scope, thread: OpenThread): void {
    if (this.#taken.has(document)) return
    const isOurs = withoutLimi(document.extra).limi !== undefined
    if (!isOurs) this.#oddities.count('unreferenced-subagent')
    const id = this.#unused(document.trajectory_id ?? 'subagent')
    const parent: Parent = { thread: thread.id, message: lastOf(thread), relation: 'subagent' }
    this.#document(
      document,
      { ...scope, line: [...scope.line, document] },
      { id, prefix: `${id}:`, parent, asked: 'agent' },
    )
  }

  /** @param limi the thread as it was exported, where it was */
  #open(native: Omit<Thread, 'messages'> & { readonly id: string }, limi: unknown): OpenThread {
    const { at, fields } = fieldsOf(limi)
    const exported = Thread.omit({ messages: true }).safeParse(fields)
    const isUsable = exported.success && !this.#ids.has(exported.data.id)
    if (fields !== undefined && !isUsable) this.#oddities.count('unusable-limi')
    const chosen = isUsable ? (fields as typeof native) : { ...native, id: this.#unused(native.id) }
    const thread = { ...(present(chosen) as typeof native), messages: [] }
    this.#ids.add(thread.id)
    this.#threads.push(thread)
    if (typeof at === 'number') this.#order.set(thread, at)
    return thread
  }

  #unused(wanted: string): string {
    const base = wanted === '' ? 'subagent' : wanted
    let id = base
    for (let n = 2; this.#ids.has(id); n += 1) id = `${base}-${n}`
    return id
  }

  #toolsOf({ agent }: AtifDocument): string | undefined {
    const tools = toolsFrom(agent['tool_definitions'])
    if (tools === null || tools.length === 0) return undefined
    const digest = digestOfValue(tools)
    this.tools[digest] = tools
    return digest
  }
}

/** What a thread or a trajectory has no place for of its document. */
export function rootFields(document: AtifDocument): Fields | undefined {
  const { agent, extra, ...root } = document
  const { extra: more } = withoutLimi(extra)
  const hasTools = toolsFrom(agent['tool_definitions']) !== null
  const about = Object.entries(agent).filter(
    ([key, value]) => value !== null && !(key === 'tool_definitions' && hasTools),
  )
  const kept = Object.entries(omit(root as Fields, 'steps', 'subagent_trajectories')).filter(
    ([, value]) => value !== null,
  )
  return present({ ...Object.fromEntries(kept), agent: present(Object.fromEntries(about)), extra: more ?? undefined })
}

/**
 * Harbor's agents mark that what follows replaces the history: src/harbor/agents/terminus_2/terminus_2.py, which before v1.7 did so by
 * this message alone, and src/harbor/agents/installed/vibe.py. At the end of a file it says that another one goes on.
 */
function isBoundary(step: AtifStep, { agent, steps, continued_trajectory_ref: next }: AtifDocument): boolean {
  if (step.source !== 'system') return false
  if (fieldsOf(step.extra?.[LIMI])['thread'] !== undefined) return true
  if (typeof next === 'string' && step === steps.at(-1)) return false
  const isMarked = fieldsOf(step.extra?.['context_management'])['type'] === 'compaction'
  return isMarked || (agent.name === 'terminus-2' && step.message === HANDOFF)
}

const HANDOFF = 'Performed context summarization and handoff to continue task.'

const lastOf = (thread: OpenThread): string => thread.messages.at(-1)?.id ?? ''

/** By id among the embedded documents, the nearest first; else by path. */
function find(
  ref: Delegation['ref'],
  scope: Scope,
): { readonly document: AtifDocument; readonly scope: Scope; readonly name: string } | null {
  const { session_id: session, trajectory_path: path } = ref
  const embedded = embeddedBy(ref, scope.line)
  if (embedded !== null) {
    const { document, at } = embedded
    return { document, name: 'subagent', scope: { ...scope, line: [...scope.line.slice(0, at + 1), document] } }
  }
  const file = typeof path === 'string' ? scope.files.get(path) : undefined
  if (file === undefined) return null
  return {
    document: file.document,
    name: session ?? path ?? 'subagent',
    scope: { files: file.files, line: [file.document] },
  }
}

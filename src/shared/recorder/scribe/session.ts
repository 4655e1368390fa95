import type { Message, Thread, TrajectoryEvent, TrajectoryHeader } from '../../../nouns/index.js'
import type { AgentHabits } from '../../agents/index.js'
import { NO_USAGE, textOf } from '../../models/index.js'
import { createAssembler, type Assembled, type Assembler } from '../assembly/index.js'
import type { RecordedCall } from '../call.js'
import type { Recorded, RecordingEnd } from '../recorder.js'

const MOST_PATHS = 3

/** A run's calls as the lines of a trajectory, and what they come to. */
export class RecordedSession {
  readonly #header: TrajectoryHeader
  readonly #assembler: Assembler
  #assembled: Assembled | undefined
  #calls = 0
  /** The one whose request came last. */
  #last: { readonly number: number; readonly isWhole: boolean } = { number: 0, isWhole: true }
  #firstModel: string | undefined
  #others: Recorded['others'] = { count: 0, paths: [] }

  constructor(header: TrajectoryHeader, habits: AgentHabits) {
    this.#header = header
    this.#assembler = createAssembler(habits)
  }

  add(call: RecordedCall): void {
    this.#assembler.add(call)
    this.#assembled = undefined
    this.#calls += 1
    this.#firstModel ??= call.request.model
    const number = Number(call.id.slice(1))
    if (number > this.#last.number) this.#last = { number, isWhole: call.response?.complete === true }
  }

  /** A request that was no call to a model. */
  addOther(path: string): void {
    const { count, paths } = this.#others
    const isNew = paths.length < MOST_PATHS && !paths.includes(path)
    this.#others = { count: count + 1, paths: isNew ? [...paths, path] : paths }
  }

  /** The trajectory so far; with an end, all of it, and whole where it is. */
  lines(end?: RecordingEnd): readonly (TrajectoryHeader | TrajectoryEvent)[] {
    const { threads, asides, tools, usage } = this.#now()
    const { source } = this.#header
    return [
      { ...this.#header, source: { ...source, model: this.#model() } },
      ...Object.entries(tools).map(([digest, list]) => ({ type: 'tools' as const, digest, tools: [...list] })),
      ...threads.flatMap((thread) => threadLines(thread, end?.roundStarts ?? [])),
      ...asides.map((aside) => ({ type: 'aside' as const, aside })),
      ...(end?.rounds ?? []).map((record) => ({ type: 'round' as const, record })),
      ...(end?.note === undefined ? [] : [{ type: 'amend' as const, amendment: { extra: { note: end.note } } }]),
      ...(end === undefined ? [] : [{ type: 'outcome' as const, outcome: end.outcome }]),
      ...(end?.whole === true && this.#isWhole() ? [{ type: 'end' as const, usage }] : []),
    ]
  }

  recorded(): Recorded {
    const { threads, asides, usage, oddities } = this.#now()
    const messages = threads.flatMap((thread) => thread.messages)
    return {
      calls: this.#calls,
      threads: threads.length,
      messages: messages.length,
      toolCalls: messages.reduce((sum, { toolCalls }) => sum + (toolCalls?.length ?? 0), 0),
      asides: asides.length,
      whole: this.#isWhole(),
      model: this.#model(),
      usage: usage ?? NO_USAGE,
      answer: answerOf(threads),
      oddities,
      others: this.#others,
    }
  }

  #now(): Assembled {
    return (this.#assembled ??= this.#assembler.assembled())
  }

  #model(): string {
    const { model } = this.#header.source
    if (model !== 'unknown') return model
    const [main] = this.#now().threads
    return main?.messages.find(({ call }) => call !== undefined)?.call?.model ?? this.#firstModel ?? model
  }

  /**
   * A broken attempt that another one took the place of is an aside; a turn that is broken, a last call, and what was asked last without an
   * answer are not made up for.
   */
  #isWhole(): boolean {
    const { threads } = this.#now()
    const isAnswered = mainLineOf(threads).at(-1)?.messages.at(-1)?.role === 'assistant'
    return this.#last.isWhole && isAnswered && !threads.some(({ messages }) => messages.some(isCut))
  }
}

function isCut({ call }: Message): boolean {
  const notes = call?.extra?.['recorded']
  return typeof notes === 'object' && notes !== null && 'cut' in notes
}

function threadLines({ messages, ...thread }: Thread, roundStarts: readonly string[]): TrajectoryEvent[] {
  let round = 1
  return [
    { ...thread, type: 'thread', parent: thread.parent },
    ...messages.map((message): TrajectoryEvent => {
      const { time } = message
      if (time !== undefined) round = Math.max(1, roundStarts.filter((start) => start <= time).length)
      const marked = roundStarts.length === 0 ? message : { ...message, round }
      return { type: 'message', thread: thread.id, message: marked }
    }),
  ]
}

/** The first conversation and what goes on from it, after compactions and edits too. */
function mainLineOf(threads: readonly Thread[]): readonly Thread[] {
  const line = new Set<Thread>()
  let next = threads.find(({ parent }) => parent === undefined)
  while (next !== undefined && !line.has(next)) {
    const { id } = next
    line.add(next)
    next = threads.findLast(({ parent }) => parent?.thread === id && parent.relation !== 'subagent')
  }
  return [...line]
}

/** The last words to the person. */
function answerOf(threads: readonly Thread[]): string {
  const messages = mainLineOf(threads).flatMap((thread) => thread.messages)
  const said = messages.findLast(({ role, content }) => role === 'assistant' && textOf(content) !== '')
  return said === undefined ? '' : textOf(said.content)
}

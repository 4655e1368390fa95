import type { Amendment, Call, Message, Usage } from '../../../../nouns/index.js'
import { userPieces } from '../anthropic-messages/index.js'
import type { ImportEvent } from '../importer.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { HeldRecords, MOST_BYTES } from '../held-records.js'
import { unfinished } from '../unfinished.js'
import { fieldsIn, isFields } from '../values.js'
import { AgentCalls } from './agent-calls.js'
import { answerFrom, SYNTHETIC, timeOf } from './answer.js'
import { apiIdOf, hasResults, isMessageLine, restOf, textOf, type Line, type MessageLine } from './line.js'
import { firstTextOf, isCopied, isInterruption, originOf } from './origin.js'
import { tipOf, type OpenThread } from './threads.js'
import { Tree } from './tree.js'

const SHORTENED = /\.\.\. \[\d+ lines truncated\] \.\.\./

/** Makes events of the lines of one session as they come. It holds the answer at hand of each thread, and the places of lines. */
export class ClaudeCodeSession {
  readonly oddities = new Oddities()
  readonly calls = new AgentCalls()
  readonly #session: Line
  readonly #records = new HeldRecords()
  readonly #tree: Tree
  readonly #counted = new Set<string>()
  readonly #waiting = new Set<OpenThread>()
  #events: ImportEvent[] = [{ type: 'thread', id: 'main' }]
  #usage: Usage | null = null
  #model: string | undefined
  #asides = 0
  /** Of the line at hand. */
  #bytes = 0
  messages = 0

  /** @param session what its lines repeat @param isAgentFile whether the whole file is a sub-agent's */
  constructor(session: Line, isAgentFile: boolean) {
    this.#session = session
    this.#tree = new Tree(this.calls, this.oddities, isAgentFile)
  }

  /** @param agent the sub-agent whose own file the line stands in @param bytes of the line */
  take(value: unknown, agent?: string, bytes = 0): ImportEvent[] {
    this.#bytes = bytes
    if (!isFields(value)) this.unreadable(value)
    else {
      this.calls.learn(value)
      const uuid = textOf(value, 'uuid')
      if (uuid !== undefined && this.#tree.has(uuid)) this.#repeated(value)
      else if (isMessageLine(value)) this.#message(value, agent)
      else this.#other(value, agent)
    }
    const events = this.#events
    this.#events = []
    return events
  }

  /** A line that cannot be read: what can be told of it keeps its place. */
  unreadable(what: unknown): void {
    this.oddities.count('unreadable-line')
    this.#records.add({ unreadable: what })
  }

  finish(): { events: ImportEvent[]; amendment: Amendment; usage?: Usage } {
    for (const thread of this.#waiting) this.#flush(thread)
    const records = this.#records.take()
    return {
      events: this.#events,
      amendment: {
        ...(this.#model === undefined ? {} : { model: this.#model }),
        ...(records.length === 0 ? {} : { extra: { claudeCode: { session: this.#session, records } } }),
      },
      ...(this.#usage === null ? {} : { usage: this.#usage }),
    }
  }

  #repeated(line: Line): void {
    this.oddities.count('repeated-record')
    this.#record(line)
  }

  #record(line: Line): void {
    this.#records.add(line)
    if (this.#records.isFull) this.#aside('records of the program, no call of a model', [], this.#records.take())
  }

  #other(line: Line, agent: string | undefined): void {
    const subtype = line['type'] === 'system' ? line['subtype'] : undefined
    if (subtype === 'compact_boundary' && this.#tree.compact(line, agent, this.#events)) return
    const uuid = textOf(line, 'uuid')
    if (uuid !== undefined) this.#tree.set(uuid, this.#tree.besides(line, agent))
    if (subtype === 'microcompact_boundary' || line['type'] === 'content-replacement')
      this.oddities.count('cut-by-agent')
    if (subtype === 'api_error') this.#aside('failed attempt', [], [line])
    else this.#record(line)
  }

  #message(line: MessageLine, agent: string | undefined): void {
    const pieces = line.type === 'user' ? userPieces(line.message.content, new Oddities()) : []
    const prompt = pieces[0] === undefined ? '' : firstTextOf(pieces[0])
    const chain = this.#tree.chainOf(line, agent, prompt, this.#events)
    const thread = this.#tree.threadOf(line, chain, this.#events)
    this.#hold(thread, line)
    if (line.type === 'user') this.#user(line, thread)
    else if (line.message['model'] === SYNTHETIC || line['isApiErrorMessage'] === true) this.#synthetic(line, thread)
    else this.#assistant(line, thread)
  }

  /** An answer must not grow in memory with its lines and results. */
  #hold(thread: OpenThread, line: MessageLine): void {
    if (thread.pending === null || !(hasResults(line) || thread.pending.apiId === apiIdOf(line))) return
    thread.pending.bytes += this.#bytes
    if (thread.pending.bytes <= MOST_BYTES) return
    this.oddities.count('divided-answer')
    this.#flush(thread)
  }

  #assistant(line: MessageLine, thread: OpenThread): void {
    const apiId = apiIdOf(line)
    if (thread.pending?.apiId === apiId) thread.pending.lines.push(line)
    else {
      this.#flush(thread)
      this.#advance(thread, line.uuid)
      thread.pending = {
        apiId,
        lines: [line],
        results: [],
        records: this.#records.take(),
        isCut: false,
        bytes: this.#bytes,
      }
      this.#waiting.add(thread)
    }
    const message = thread.pending.lines[0]?.uuid ?? line.uuid
    this.calls.start(line, thread.id, message)
    this.#tree.set(line.uuid, { thread, group: thread.group, message })
  }

  #synthetic(line: MessageLine, thread: OpenThread): void {
    const { message } = answerFrom([line], this.#session, this.oddities)
    if (line['isApiErrorMessage'] === true) {
      this.#aside('failed attempt', [{ ...message, origin: 'agent' }], [], thread.id)
    } else {
      this.#flush(thread)
      this.#advance(thread, line.uuid)
      this.#emit(thread, isCopied(line) ? this.#copied(message) : message, this.#records.take())
    }
    this.#tree.set(line.uuid, tipOf(thread))
  }

  #user(line: MessageLine, thread: OpenThread): void {
    const waits = thread.pending !== null && hasResults(line)
    const turns = this.#turnsOf(line, thread.chain.isSubagent)
    const messages = isCopied(line) ? turns.map((turn) => this.#copied(turn)) : turns
    if (!waits) {
      if (thread.pending !== null && messages.some(isInterruption)) thread.pending.isCut = true
      this.#flush(thread)
      thread.group += 1
    }
    const records = waits ? [] : this.#records.take()
    for (const [at, message] of messages.entries()) {
      thread.tip = message.id
      if (waits) thread.pending?.results.push(message)
      else this.#emit(thread, message, at === 0 ? records : [])
    }
    this.#tree.set(line.uuid, tipOf(thread))
  }

  #turnsOf(line: MessageLine, isSubagent: boolean): Message[] {
    const rest = restOf(line, this.#session)
    const own = Object.fromEntries(Object.entries(line.message).filter(([key]) => key !== 'role' && key !== 'content'))
    const claudeCode = { ...rest, ...(Object.keys(own).length === 0 ? {} : { message: own }) }
    return userPieces(line.message.content, this.oddities).map((piece, at) => {
      if (isInterruption(piece)) this.oddities.count('interrupted')
      if (piece.role === 'tool' && SHORTENED.test(firstTextOf(piece))) this.oddities.count('cut-by-agent')
      return {
        ...piece,
        id: at === 0 ? line.uuid : `${line.uuid}:${at}`,
        origin: originOf(line, piece, isSubagent),
        ...timeOf(line),
        extra: { ...piece.extra, claudeCode: at === 0 ? claudeCode : { from: line.uuid } },
      }
    })
  }

  #flush(thread: OpenThread): void {
    const { pending } = thread
    if (pending === null) return
    thread.pending = null
    this.#waiting.delete(thread)
    const { message: said, model, usage } = answerFrom(pending.lines, this.#session, this.oddities)
    const isUnfinished = pending.isCut && said.call?.stop === undefined && pending.results.length === 0
    const message = isUnfinished ? unfinished(said, this.oddities) : said
    const isAgain = this.#counted.has(pending.apiId) || pending.lines.some(isCopied)
    this.#counted.add(pending.apiId)
    if (usage !== null && !isAgain) this.#usage = sumOf(this.#usage, usage)
    if (this.#model === undefined && !thread.chain.isSubagent) this.#model = model
    const own = pending.lines.some(isCopied) ? this.#copied(message) : message
    this.#emit(thread, isAgain ? withoutUsage(own) : own, pending.records)
    for (const result of pending.results) this.#emit(thread, result, [])
  }

  /** The parent session's own log tells of it as its own. */
  #copied(message: Message): Message {
    this.oddities.count('copied-history')
    return { ...message, origin: 'rebuilt' }
  }

  #advance(thread: OpenThread, message: string): void {
    thread.group += 1
    thread.tip = message
  }

  #emit(thread: OpenThread, message: Message, records: readonly unknown[]): void {
    this.messages += 1
    const extra = { ...message.extra, claudeCode: { ...fieldsIn(message.extra ?? {}, 'claudeCode'), records } }
    this.#events.push({
      type: 'message',
      thread: thread.id,
      message: records.length === 0 ? message : { ...message, extra },
    })
  }

  #aside(why: string, messages: Message[], records: readonly unknown[], thread?: string): void {
    this.#asides += 1
    const of = thread === undefined ? {} : { thread }
    const extra = records.length === 0 ? {} : { extra: { claudeCode: { records } } }
    this.#events.push({ type: 'aside', aside: { id: `aside-${this.#asides}`, why, ...of, messages, ...extra } })
  }
}

/** The lines of one answer came apart: its usage is told once. */
function withoutUsage(message: Message): Message {
  if (message.call === undefined) return message
  return { ...message, call: omit(message.call, 'usage') as Call }
}

function sumOf(a: Usage | null, b: Usage): Usage {
  if (a === null) return b
  const thought = [a, b].flatMap(({ reasoningTokens }) => reasoningTokens ?? [])
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: (a.cachedInputTokens ?? 0) + (b.cachedInputTokens ?? 0),
    ...(thought.length === 0 ? {} : { reasoningTokens: thought.reduce((sum, one) => sum + one, 0) }),
  }
}

import { done, type Message, type Result } from '../../../../nouns/index.js'
import { digestOfValue } from '../../../../shared/project/index.js'
import type { ImportEvent } from '../importer.js'
import { Oddities } from '../oddities.js'
import { isFields } from '../values.js'
import { answerIn, type Answer } from './answer.js'
import {
  answerFrom,
  isContext,
  isGreeting,
  messagesOf,
  modelMessage,
  sameAnswer,
  systemPrompt,
  type Spoken,
} from './content.js'
import { readEvent, textIn, type OtherEvent, type Request } from './event.js'
import { placeOf, type Branch, type Line } from './place.js'
import { asRebuilt, isModels, messageEvent, parentOf, threadEvent, turnsIn, type Turn } from './turns.js'
import { toolsIn } from './tools.js'
import { callOf, withLeftover, Writer, type Sent, type UnnamedCall } from './writer.js'

/** A request whose answer has no place yet: what the model said is a turn only if the next request shows it. */
interface Waiting extends Sent {
  answer: Answer | null
  /** The answer's message, where a branch made it necessary to write it at once. */
  written: string | null
}

interface OpenLine extends Line {
  readonly unnamed: UnnamedCall[]
  waiting: Waiting | null
}

/** A call beside a thread, with what it was shown. */
interface SideCall extends Waiting {
  readonly messages: Message[]
  readonly beside: string | undefined
}

/**
 * Turns the events of one log into those of a trajectory. It holds digests of what was shown, and the last request of each thread.
 * An answer is the model's own response where the log has it, and what the next request shows in its place where it has not.
 */
export class LimiSession {
  readonly #writer: Writer
  readonly #lines: OpenLine[] = []
  #sides: SideCall[] = []
  readonly #tools = new Set<string>()
  #model: string | undefined
  #last: Request | undefined
  #requests = 0

  constructor(model: string | undefined, oddities: Oddities) {
    this.#model = model
    this.#writer = new Writer(oddities)
  }

  /** The model that was asked last. */
  get model(): string | undefined {
    return this.#model
  }

  get requests(): number {
    return this.#requests
  }

  /** @param number the event's place in the log @param where the same, for failures */
  take(bytes: Buffer, number: number, where: string): Result<ImportEvent[]> {
    const event = readEvent(bytes, number, where, this.#last)
    if (!event.ok) return event
    if (event.value.kind === 'other') return done(this.#other(event.value))
    this.#last = event.value
    return this.#request(event.value, where)
  }

  /** What is left when the log ends, and the events that came after the last message. */
  finish(): { readonly events: readonly ImportEvent[]; readonly left: readonly unknown[] } {
    const last = this.#lines.flatMap((line) => {
      const { waiting } = line
      if (waiting === null || waiting.written !== null) return []
      return waiting.answer === null ? this.#unanswered(line, waiting) : this.#answer(line, waiting, waiting.answer)
    })
    const sides = this.#sides.map((side) => this.#sideCall(side))
    return { events: [...last, ...sides], left: this.#writer.left() }
  }

  #request(request: Request, where: string): Result<ImportEvent[]> {
    this.#requests += 1
    this.#model = request.model ?? this.#model
    const sent = { request: { ...request, model: this.#model }, errors: [], answer: null, written: null }
    const tools = toolsIn(request.tools, this.#writer.oddities)
    const digest = tools.length === 0 ? undefined : digestOfValue(tools)
    const events: ImportEvent[] = []
    if (digest !== undefined && !this.#tools.has(digest)) {
      this.#tools.add(digest)
      events.push({ type: 'tools', digest, tools })
    }
    const place = placeOf(request, this.#lines, isModels)
    const from = place.kind === 'continues' ? place.line.shown.length : place.kind === 'side' ? place.from : 0
    const turns = turnsIn(request.history.slice(from), where)
    if (!turns.ok) return turns
    const waiting = { ...sent, tools: digest }
    if (place.kind === 'side') this.#openSide(waiting, place.line, turns.value)
    else if (place.kind === 'continues') events.push(...this.#goOn(this.#lineOf(place.line), waiting, turns.value))
    else events.push(...this.#branch(place, waiting, turns.value))
    return done(events)
  }

  #goOn(line: OpenLine, waiting: Waiting, turns: readonly Turn[]): ImportEvent[] {
    const { request } = waiting
    const [first] = turns
    const before = line.waiting
    const isAnswered = before !== null && first?.isModels === true
    const events =
      before === null ? [] : isAnswered ? this.#answered(line, before, first) : this.#unanswered(line, before)
    line.shown.push(...request.history.slice(line.shown.length).map(({ digest }) => digest))
    events.push(...this.#write(line, isAnswered ? turns.slice(1) : turns))
    line.waiting = waiting
    return events
  }

  #branch(place: Branch, waiting: Waiting, turns: readonly Turn[]): ImportEvent[] {
    const { request, tools } = waiting
    const { kind } = place
    const parentLine = kind === 'unlinked' ? undefined : this.#lineOf(place.line)
    const events = parentLine === undefined ? [] : this.#writeAtOnce(parentLine, kind === 'rebuilt' ? turns : [])
    const kept = kind === 'edit' ? place.from : 0
    const line: OpenLine = {
      thread: this.#lines.length === 0 ? 'main' : `t${this.#lines.length}`,
      system: request.system,
      hasTools: tools !== undefined,
      shown: request.history.map(({ digest }) => digest),
      ids: parentLine?.ids.slice(0, kept) ?? [],
      unnamed: [],
      waiting,
    }
    if (kind === 'unlinked' && this.#lines.length > 0) this.#writer.oddities.count('unlinked-history')
    events.push(threadEvent(line.thread, parentOf(place)))
    const rebuilt = kind === 'rebuilt' ? place.from : 0
    if (kind !== 'edit' && request.systemInstruction !== undefined) {
      const prompt = systemPrompt(request.systemInstruction)
      events.push(messageEvent(line.thread, this.#writer.message(rebuilt > 0 ? asRebuilt(prompt) : prompt)))
    }
    events.push(...this.#write(line, turns.slice(kept), rebuilt))
    this.#lines.push(line)
    return events
  }

  /** What a parent said last is written before a thread branches off from it. @param turns what shows it, where the log has no response */
  #writeAtOnce(line: OpenLine, turns: readonly Turn[]): ImportEvent[] {
    const { waiting } = line
    if (waiting === null || waiting.written !== null) return []
    if (waiting.answer !== null) return this.#answer(line, waiting, waiting.answer, undefined, true)
    const next = turns[line.shown.length]
    if (next?.isModels !== true) return []
    line.waiting = null
    return this.#answered(line, waiting, next)
  }

  /** The answer of a request, which the next one shows. */
  #answered(line: OpenLine, waiting: Waiting, shown: Turn): ImportEvent[] {
    const { answer, written } = waiting
    if (answer === null) {
      const spoken = modelMessage(shown.content, this.#writer.oddities)
      return [this.#say(line, { ...spoken, call: callOf(waiting, undefined) })]
    }
    const differs = !sameAnswer(answerFrom(answer.parts, UNCOUNTED), modelMessage(shown.content, UNCOUNTED))
    if (differs) this.#writer.oddities.count('answer-shown-otherwise')
    if (written === null) return this.#answer(line, waiting, answer, differs ? shown.value : undefined)
    line.ids.push(written)
    if (differs) this.#writer.keep({ shown: shown.value })
    return []
  }

  /** A request after which the same thread went on without its answer. */
  #unanswered({ thread }: OpenLine, waiting: Waiting): ImportEvent[] {
    if (waiting.written !== null) return []
    const { answer, errors } = waiting
    if (answer !== null) {
      const said = this.#writer.answer(answer, waiting)
      return [this.#writer.aside('an answer that did not enter the history', [said], waiting, thread)]
    }
    const why = errors.length > 0 ? 'a failed attempt' : 'a request without an answer'
    return [this.#writer.aside(why, [], waiting, thread)]
  }

  #answer(line: OpenLine, waiting: Waiting, answer: Answer, shown?: unknown, early?: true): ImportEvent[] {
    const said = this.#writer.answer(answer, waiting, line.unnamed)
    const message = shown === undefined ? said : withLeftover(said, { shown })
    waiting.written = message.id
    line.last = message.id
    if (early === undefined) line.ids.push(message.id)
    return [messageEvent(line.thread, message)]
  }

  /** @param rebuilt how many of them the model was shown again */
  #write(line: OpenLine, turns: readonly Turn[], rebuilt = 0): ImportEvent[] {
    return turns.flatMap(({ content }, at) => {
      const spoken = messagesOf(content, this.#writer.oddities)
      const isAgents = at === 1 && line.ids.length === 1 && spoken.some(isGreeting) && isContext(turns[0]?.content)
      const events = spoken.map((one) => {
        const message = isAgents ? { ...one, origin: 'agent' as const } : one
        return messageEvent(
          line.thread,
          this.#writer.message(at < rebuilt ? asRebuilt(message) : message, line.unnamed),
        )
      })
      const last = events.at(-1)?.message.id ?? ''
      line.ids.push(last)
      line.last = last
      return events
    })
  }

  #say(line: OpenLine, spoken: Spoken): ImportEvent {
    const message = this.#writer.message(spoken, line.unnamed)
    line.ids.push(message.id)
    line.last = message.id
    return messageEvent(line.thread, message)
  }

  #openSide(waiting: Waiting, line: Line | undefined, turns: readonly Turn[]): void {
    const { request } = waiting
    const isNew = request.systemInstruction !== undefined && line?.system !== request.system
    const prompt = isNew ? [systemPrompt(request.systemInstruction)] : []
    const messages = [...prompt, ...turns.flatMap(({ content }) => messagesOf(content, this.#writer.oddities))].map(
      (one) => this.#writer.message(one),
    )
    this.#sides.push({ ...waiting, messages, beside: (line ?? this.#lines[0])?.thread })
  }

  #sideCall(side: SideCall): ImportEvent {
    const { answer, messages, beside } = side
    const said = answer === null ? [] : [this.#writer.answer(answer, side)]
    const why = answer === null ? 'a side call without an answer' : 'a side call'
    return this.#writer.aside(why, [...messages, ...said], side, beside)
  }

  #other(event: OtherEvent): ImportEvent[] {
    const { data } = event.event
    const waiting = this.#waitingFor(isFields(data) ? textIn(data['prompt_id']) : undefined)
    const answer = answerIn(event)
    if (answer === null) {
      if (waiting !== undefined && event.type.includes('api_error')) waiting.errors.push(event.event)
      else this.#writer.keep(event.event)
      return []
    }
    if (waiting === undefined)
      return [this.#writer.aside('an answer to no request', [this.#writer.answer(answer, undefined)])]
    waiting.answer = answer
    const side = this.#sides.find((one) => one === waiting)
    if (side === undefined) return []
    this.#sides = this.#sides.filter((one) => one !== side)
    return [this.#sideCall(side)]
  }

  /** The request that an answer belongs to: the last of the same prompt, where ids say so, else the last of all. */
  #waitingFor(promptId: string | undefined): Waiting | undefined {
    const lines = this.#lines.map(({ waiting }) => waiting).filter((one) => one !== null)
    const open = [...lines, ...this.#sides].filter(({ answer }) => answer === null)
    const inOrder = open.sort((a, b) => a.request.number - b.request.number)
    return inOrder.findLast(({ request }) => promptId !== undefined && request.promptId === promptId) ?? inOrder.at(-1)
  }

  #lineOf(line: Line): OpenLine {
    const found = this.#lines.find((one) => one === line)
    if (found === undefined) throw new Error('limi-events: a line that was not opened')
    return found
  }
}

/** For a second look at what was counted already. */
const UNCOUNTED = new Oddities()

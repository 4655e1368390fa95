import type { ToolCall, ToolSpec } from '../../../../nouns/index.js'
import type { WireMessage } from '../../../wire/index.js'
import { markOf, rebuilt, type Chance, type Conversation, type SimulatedAgent, type Steps } from './agent.js'
import type { TrueMessage } from './truth.js'

const tool = (name: string): ToolSpec => ({ name, parameters: { type: 'object' } })
const TOOLS = ['shell', 'read', 'Task'].map(tool)
const SYSTEM = 'You are a helpful program.\nYou work with tools.\nYou answer in plain words.\nToday is Monday.'
const OTHER_SYSTEM = 'You look into one matter for another program, and report.\nYou have tools of your own.'

/** One person and one agent: turns with tools, sub-agents, side calls, compactions, edits, resumed sessions, one after the other. */
export class SimulatedSession {
  readonly #agent: SimulatedAgent
  readonly #chance: Chance
  readonly #main: Conversation

  constructor(agent: SimulatedAgent, chance: Chance, session?: string) {
    this.#agent = agent
    this.#chance = chance
    this.#main = {
      ...{ thread: agent.open(), isSubagent: false, system: SYSTEM, tools: TOOLS, history: [], marks: [], floor: 0 },
      ...(session === undefined ? {} : { session }),
    }
    this.#begin(this.#main)
  }

  *run(turns: number): Steps<void> {
    yield* this.#turn()
    for (let turn = 1; turn < turns; turn += 1) {
      const kind = this.#chance.below(12)
      if (kind === 0) yield* this.#compact()
      else if (kind === 1) this.#rewind()
      else if (kind === 2) this.#resume()
      else if (kind === 3) yield* this.#side()
      else if (kind === 4) this.#main.tools = [...this.#main.tools, tool(this.#agent.words('tool'))]
      else if (kind === 5) this.#main.system = `${SYSTEM}\nIt is hour ${turn}.`
      else if (kind === 6) yield* this.#break()
      else if (kind === 7) this.#pretend()
      else if (kind === 8) this.#forget()
      yield* this.#turn()
    }
  }

  #begin(at: Conversation): void {
    at.thread.messages.push({ role: 'system', origin: 'agent', text: at.system, calls: [] })
  }

  *#turn(): Steps<void> {
    this.#say(this.#main, this.#agent.words('wish'))
    yield* this.#work(this.#main, 0)
  }

  /** A person's words, now and then with a reminder of the program's beside them. */
  #say(at: Conversation, text: string): void {
    const human: TrueMessage = { role: 'user', origin: at.isSubagent ? 'agent' : 'human', text }
    if (at.isSubagent || !this.#chance.oneIn(3)) {
      this.#agent.tell(at, { role: 'user', content: text }, human)
      return
    }
    const note = `<system-reminder>${this.#agent.words('note')}</system-reminder>`
    const content = [note, text].map((one) => ({ type: 'text', text: one }))
    this.#agent.tell(at, { role: 'user', content }, { role: 'user', origin: 'agent', text: note }, human)
  }

  /** Until the model answers without a call. */
  *#work(at: Conversation, depth: number): Steps<void> {
    for (let round = 0; round < 3 && this.#chance.oneIn(2); round += 1) {
      const isSpawn = depth < 2 && this.#chance.oneIn(3)
      const message = isSpawn ? this.#spawning() : this.#calling()
      yield* this.#agent.ask(at, message)
      if (isSpawn) yield* this.#subagents(at, message, depth)
      else this.#results(at, message)
    }
    yield* this.#agent.ask(at, { role: 'assistant', content: this.#agent.words('answer'), ...this.#thought() })
  }

  #thought(): Pick<WireMessage, 'reasoning'> {
    return this.#chance.oneIn(2) ? { reasoning: { text: this.#agent.words('thought'), kind: 'full' } } : {}
  }

  #calling(): WireMessage {
    const toolCalls = Array.from({ length: 1 + this.#chance.below(3) }, (): ToolCall => {
      const text = `{"command": "${this.#agent.words('command')}",  "limit": ${this.#chance.below(9)}}`
      return { id: this.#agent.callId(), name: 'shell', arguments: text }
    })
    const content = this.#chance.oneIn(2) ? `${this.#agent.words('plan')}\n\n` : ''
    return { role: 'assistant', content, toolCalls, ...this.#thought() }
  }

  #spawning(): WireMessage {
    const same = this.#agent.words('task')
    const toolCalls = Array.from({ length: 1 + this.#chance.below(3) }, (): ToolCall => {
      const prompt = this.#chance.oneIn(2) ? same : this.#agent.words('task')
      return { id: this.#agent.callId(), name: 'Task', arguments: JSON.stringify({ description: 'look', prompt }) }
    })
    return { role: 'assistant', content: '', toolCalls }
  }

  /** Results may come in another order than their calls. */
  #results(at: Conversation, { toolCalls = [] }: WireMessage, texts: readonly string[] = []): void {
    const results = toolCalls.map(({ id }, place) => ({ id, text: texts[place] ?? this.#agent.words('output') }))
    const shown = this.#chance.oneIn(3) ? [...results].reverse() : results
    for (const { id, text } of shown) at.history.push({ role: 'tool', content: text, toolCallId: id })
    for (const { id, text } of results) at.thread.messages.push({ role: 'tool', origin: 'tool', text, result: id })
    at.marks.push(...shown.map(() => markOf(at)))
  }

  *#subagents(at: Conversation, message: WireMessage, depth: number): Steps<void> {
    const { thread } = at
    const after = thread.messages.length
    const runs = (message.toolCalls ?? []).map(({ id, arguments: text }) => {
      const { prompt } = JSON.parse(text) as { prompt: string }
      const own: Conversation = {
        thread: this.#agent.open({ thread, after, relation: 'subagent', toolCall: id }),
        ...{ isSubagent: true, system: OTHER_SYSTEM, tools: TOOLS, history: [], marks: [], floor: 0 },
        ...(at.session === undefined ? {} : { session: at.session }),
      }
      this.#begin(own)
      this.#say(own, prompt)
      return { own, run: this.#work(own, depth + 1) }
    })
    yield* together(
      runs.map(({ run }) => run),
      this.#chance,
    )
    const reports = runs.map(({ own }) => `It reports: ${own.thread.messages.at(-1)?.text ?? ''}`)
    this.#results(at, message, reports)
  }

  *#side(): Steps<void> {
    const isRouter = this.#chance.oneIn(2)
    const history: WireMessage[] = isRouter
      ? this.#main.history
      : [{ role: 'user', content: this.#agent.words('title of') }]
    const system = isRouter ? 'You choose a model.' : 'You make titles.'
    const given = { system, history, tools: [], wantsSchema: isRouter, isAside: true }
    const message: WireMessage = { role: 'assistant', content: this.#agent.words('side') }
    this.#agent.asides.add(yield* this.#agent.call(this.#main, given, { message, complete: true }))
  }

  /** The person breaks off what is asked, and asks on; the cut answer is dropped, or shown as far as it came. */
  *#break(): Steps<void> {
    this.#say(this.#main, this.#agent.words('wish'))
    const content = this.#agent.words('half')
    const message: WireMessage = { role: 'assistant', content }
    const seq = yield* this.#agent.call(this.#main, {}, { message, complete: false })
    if (this.#chance.oneIn(2)) this.#agent.asides.add(seq)
    else this.#agent.tell(this.#main, message, { role: 'assistant', origin: 'model', text: content })
  }

  *#compact(): Steps<void> {
    const ask: WireMessage = { role: 'user', content: this.#agent.words('sum up') }
    const summary = this.#agent.words('summary')
    const given = { history: [...this.#main.history, ask], tools: [], isAside: true }
    const message: WireMessage = { role: 'assistant', content: summary }
    this.#agent.asides.add(yield* this.#agent.call(this.#main, given, { message, complete: true }))
    const before = this.#main.thread
    this.#main.thread = this.#agent.open({ thread: before, after: before.messages.length, relation: 'compaction' })
    this.#main.thread.messages.push({ role: 'system', origin: 'rebuilt', text: this.#main.system })
    this.#main.history = []
    this.#main.marks = []
    this.#main.floor = 0
    const text = `What was done so far: ${summary}`
    this.#agent.tell(this.#main, { role: 'user', content: text }, { role: 'user', origin: 'rebuilt', text })
    const agreed = 'Good, I go on from there.'
    const reply: WireMessage = { role: 'assistant', content: agreed }
    this.#agent.tell(this.#main, reply, { role: 'assistant', origin: 'rebuilt', text: agreed })
  }

  /** The person goes back to before one of their turns. */
  #rewind(): void {
    const at = this.#main
    const turns = at.history.flatMap(({ role }, place) =>
      role === 'user' && place > Math.max(1, at.floor) ? [place] : [],
    )
    const place = turns[this.#chance.below(Math.max(1, turns.length))]
    if (place === undefined) return
    const mark = at.marks[place - 1] ?? markOf(at)
    at.history = at.history.slice(0, place)
    at.marks = at.marks.slice(0, place)
    at.thread = this.#agent.open({ ...mark, relation: 'edit' })
  }

  /** The program lets the model say what it never said. */
  #pretend(): void {
    this.#say(this.#main, this.#agent.words('wish'))
    const text = this.#agent.words('pretence')
    this.#agent.tell(
      this.#main,
      { role: 'assistant', content: text },
      { role: 'assistant', origin: 'rebuilt', text, calls: [] },
    )
  }

  /** The oldest of a long history is left out. */
  #forget(): void {
    const at = this.#main
    const turns = at.history.flatMap(({ role }, place) => (role === 'user' ? [place] : []))
    const place = turns.at(-1)
    if (place === undefined || turns.length < 6) return
    const before = at.thread
    at.thread = this.#agent.open({ thread: before, after: before.messages.length, relation: 'compaction' })
    at.history = at.history.slice(place)
    at.thread.messages.push({ role: 'system', origin: 'rebuilt', text: at.system })
    at.thread.messages.push(...this.#agent.shows(at.history).map(rebuilt))
    at.marks = at.history.map(() => markOf(at))
    at.floor = at.history.length
  }

  /** A session that is taken up again: ids are new, a note is put to the first turn, outputs are shortened. */
  #resume(): void {
    const at = this.#main
    const ids = new Map<string, string>()
    const [first] = at.history
    if (first?.role === 'user' && this.#chance.oneIn(2)) {
      const parts = typeof first.content === 'string' ? [{ type: 'text', text: first.content }] : first.content
      const note = { type: 'text', text: `<system-reminder>${this.#agent.words('note')}</system-reminder>` }
      at.history[0] = { ...first, content: [...parts, note] }
    }
    at.history = at.history.map((message): WireMessage => {
      for (const { id } of message.toolCalls ?? []) ids.set(id, `resumed_${id}`)
      const toolCalls = message.toolCalls?.map((call) => ({ ...call, id: ids.get(call.id) ?? call.id }))
      const isCut = message.role === 'tool' && this.#chance.oneIn(4)
      return {
        ...message,
        ...(toolCalls === undefined ? {} : { toolCalls }),
        ...(message.toolCallId === undefined ? {} : { toolCallId: ids.get(message.toolCallId) ?? message.toolCallId }),
        ...(isCut ? { content: '[old output cleared]' } : {}),
      }
    })
  }
}

/** Runs several to their ends: they start in order, then it is now one and now the other. */
export function* together(runs: readonly Steps<void>[], chance: Chance): Steps<void> {
  const open = runs.filter((run) => run.next().done !== true)
  while (open.length > 0) {
    const at = chance.below(open.length)
    if (open[at]?.next().done === true) open.splice(at, 1)
    yield
  }
}

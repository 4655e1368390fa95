import { ToolSpec, type Message } from '../../../../nouns/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import type { Builder } from './builder.js'
import type { Part, SdkEvent } from './record.js'
import { reasoningFrom, type Said } from './response.js'
import { field, textIn } from '../values.js'

/** Reads the events of `openhands-sdk` (`openhands/sdk/event/`). */
export class SdkEvents {
  readonly #builder: Builder
  readonly #oddities: Oddities
  readonly #model: string
  readonly #answers = new Map<string, string>()
  #last: string | undefined

  constructor(builder: Builder, oddities: Oddities, model: string) {
    this.#builder = builder
    this.#oddities = oddities
    this.#model = model
  }

  take(event: SdkEvent): void {
    const { id, parent_id: parent } = event
    if (typeof parent === 'string' && this.#last !== undefined && parent !== this.#last)
      this.#builder.branchAfter(parent)
    this.#read(event)
    if (typeof id === 'string') this.#last = id
  }

  #read(event: SdkEvent): void {
    switch (event.kind) {
      case 'SystemPromptEvent': {
        this.#system(event)
        return
      }
      case 'MessageEvent': {
        this.#message(event)
        return
      }
      case 'ActionEvent': {
        this.#action(event)
        return
      }
      case 'ObservationEvent':
      case 'AgentErrorEvent':
      case 'UserRejectObservation': {
        this.#result(event)
        return
      }
      case 'Condensation':
      case 'CondensationEvent': {
        this.#condense(event)
        return
      }
      case 'CondensationSummaryEvent': {
        this.#add(event, { role: 'user', origin: 'rebuilt', content: event.summary ?? '' }, 'summary')
        return
      }
      default: {
        this.#builder.note(event, event.id ?? undefined)
        return
      }
    }
  }

  #system(event: SdkEvent): void {
    const tools = (event.tools ?? []).flatMap((tool) => specFrom(tool))
    this.#builder.offer(tools)
    const isWhole = tools.length === (event.tools ?? []).length
    const parts = [event.system_prompt, event.dynamic_context].flatMap((part) => part ?? [])
    const said: Said = { role: 'system', origin: 'agent', content: contentOf(parts) }
    this.#add(event, said, ...(isWhole ? (['tools'] as const) : []), ...(parts.length > 1 ? COPIED : []))
  }

  #message(event: SdkEvent): void {
    const said = event.llm_message
    const isModel = event.source === 'agent'
    const content = [...partsOf(said?.content), ...(event.extended_content ?? [])]
    this.#add(event, {
      role: isModel ? 'assistant' : said?.role === 'system' ? 'system' : 'user',
      origin: isModel ? 'model' : event.source === 'user' ? 'human' : 'agent',
      content: contentOf(content),
      ...reasoningFrom(said ?? {}, this.#model),
      ...(isModel ? { call: this.#call() } : {}),
    })
  }

  /** The actions of one response are one answer. */
  #action(event: SdkEvent): void {
    const { tool_call: call, llm_response_id: response } = event
    const key = typeof response === 'string' ? `${this.#builder.thread} ${response}` : undefined
    const known = key === undefined ? undefined : this.#answers.get(key)
    const inside = call === null || call === undefined ? {} : omit(call, 'id', 'name', 'arguments')
    const toolCalls = call === null || call === undefined ? [] : [this.#toolCall(event, call)]
    const done = { ...omit(event, 'tool_call'), ...(Object.keys(inside).length === 0 ? {} : { tool_call: inside }) }
    if (known !== undefined) {
      this.#builder.amend(known, (message) => merged(message, toolCalls, done))
      this.#builder.see(event.id ?? undefined, known)
      return
    }
    const id = this.#builder.idFor(event.id ?? undefined)
    if (key !== undefined) this.#answers.set(key, id)
    const message: Message = {
      id,
      role: 'assistant',
      origin: 'model',
      ...timeOf(event),
      content: contentOf(event.thought ?? []),
      ...reasoningFrom(event, this.#model),
      toolCalls,
      call: this.#call(),
      extra: { openhands: { actions: [done] } },
    }
    this.#builder.add(message, event.id ?? undefined)
  }

  #toolCall(event: SdkEvent, call: NonNullable<SdkEvent['tool_call']>): NonNullable<Message['toolCalls']>[number] {
    return { id: call.id, name: call.name, arguments: argumentsText(call.arguments, this.#oddities) }
  }

  #result(event: SdkEvent): void {
    const { observation, tool_call_id: toolCallId } = event
    const isError = event.kind !== 'ObservationEvent' || observation?.is_error === true
    const said = typeof event.error === 'string' ? event.error : event.rejection_reason
    const parts = [...partsOf(observation?.content), ...(event.extended_content ?? [])]
    this.#add(event, {
      role: 'tool',
      origin: 'tool',
      content: event.kind === 'ObservationEvent' ? contentOf(parts) : (said ?? ''),
      ...(typeof toolCallId === 'string' ? { toolCallId } : {}),
      ...(isError ? { isError } : {}),
    })
  }

  #condense(event: SdkEvent): void {
    const forgotten = new Set(event.forgotten_event_ids ?? [])
    this.#builder.condense({
      forgets: (id) => forgotten.has(id),
      summary: event.summary ?? undefined,
      offset: event.summary_offset ?? undefined,
      summaryEvent: `${event.id ?? ''}-summary`,
      event,
    })
  }

  #call(): NonNullable<Message['call']> {
    const tools = this.#builder.offered
    return { model: this.#model, params: {}, ...(tools === undefined ? {} : { tools }) }
  }

  #add(event: SdkEvent, said: Said, ...without: (keyof SdkEvent)[]): void {
    const id = this.#builder.idFor(event.id ?? undefined)
    const extra = { openhands: omit(event, ...without) }
    this.#builder.add({ id, ...timeOf(event), ...said, extra }, event.id ?? undefined)
  }
}

const COPIED = ['system_prompt', 'dynamic_context'] as const

const timeOf = ({ timestamp }: SdkEvent): Pick<Message, 'time'> =>
  typeof timestamp === 'string' ? { time: timestamp } : {}

function merged(message: Message, toolCalls: NonNullable<Message['toolCalls']>, action: unknown): Message {
  const { actions } = message.extra?.['openhands'] as { actions: unknown[] }
  return {
    ...message,
    toolCalls: [...(message.toolCalls ?? []), ...toolCalls],
    extra: { openhands: { actions: [...actions, action] } },
  }
}

const partsOf = (content: string | readonly Part[] | null | undefined): readonly Part[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? [])

/** Text alone as text; how it was split stays in `extra`. */
function contentOf(parts: readonly Part[]): Message['content'] {
  const [first] = parts
  if (first === undefined) return ''
  return parts.length === 1 && first.type === 'text' && typeof first['text'] === 'string' ? first['text'] : [...parts]
}

/** A tool's name is told by its title; its parameters lie in the program, not in the log. */
function specFrom(tool: Record<string, unknown>): ToolSpec[] {
  const fn = field(tool, 'function') ?? tool
  const name = textIn(fn, 'name') ?? textIn(fn, 'title')
  const spec = ToolSpec.safeParse({ ...(fn as Record<string, unknown>), name })
  return spec.success ? [spec.data] : []
}

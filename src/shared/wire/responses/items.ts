import type { ToolSpec } from '../../../nouns/index.js'
import type { Spoken } from '../dialect.js'
import { toolCalled } from './namespaces.js'

/** An event of a stream, and the type that names it. */
export interface WireEvent {
  readonly type: string
  readonly [field: string]: unknown
}

type Said = Exclude<Spoken, { type: 'usage' | 'raw' | 'stop' }>

interface Open {
  readonly kind: 'message' | 'full' | 'summary'
  readonly id: string
  text: string
}

/** What a model says as items, one after the other (openai/openai-openapi, `ResponseStreamEvent`). */
export class ItemWriter {
  readonly #id: string
  readonly #tools: readonly ToolSpec[]
  readonly #done: object[] = []
  #open: Open | null = null

  constructor(id: string, tools: readonly ToolSpec[]) {
    this.#id = id
    this.#tools = tools
  }

  /** Items that are finished. */
  done(): readonly object[] {
    return [...this.#done]
  }

  events(spoken: Spoken): readonly WireEvent[] {
    switch (spoken.type) {
      case 'text':
        return spoken.text === '' ? [] : this.#grow('message', spoken.text)
      case 'reasoning':
        return this.#reasoning(spoken)
      case 'toolCall':
        return this.#call(spoken)
      case 'usage':
      case 'raw':
      case 'stop':
        return []
    }
  }

  /** Ends the item that is open. */
  close(): readonly WireEvent[] {
    if (this.#open === null) return []
    const { kind, id, text } = this.#open
    const at = this.#place(id)
    const item = kind === 'message' ? messageItem(id, text) : reasoningItem(id, kind, text)
    this.#open = null
    this.#done.push(item)
    return [...ENDS[kind](at, text), { type: 'response.output_item.done', output_index: at.output_index, item }]
  }

  #reasoning({ text, kind, signature }: Extract<Said, { type: 'reasoning' }>): readonly WireEvent[] {
    const told = text === '' ? [] : this.#grow(kind === 'full' ? 'full' : 'summary', text)
    if (signature === undefined) return told
    const closed = this.close()
    const last = this.#done.at(-1)
    const isOpen = closed.length > 0 && last !== undefined && 'summary' in last
    const item = { ...(isOpen ? last : reasoningItem(this.#nextId('rs'), 'summary', '')), encrypted_content: signature }
    if (isOpen) this.#done.pop()
    const output_index = this.#done.length
    this.#done.push(item)
    const done = { type: 'response.output_item.done', output_index, item }
    return [...told, ...(isOpen ? closed.slice(0, -1) : closed), ...(isOpen ? [] : [{ ...done, type: ADDED }]), done]
  }

  #grow(kind: Open['kind'], text: string): readonly WireEvent[] {
    const isOpen = this.#open?.kind === kind
    const begun = isOpen ? [] : this.#begin(kind)
    const open = this.#open
    if (open === null) return begun
    open.text += text
    const at = this.#place(open.id)
    return [...begun, { type: DELTAS[kind], ...at, ...PLACES[kind], delta: text }]
  }

  #begin(kind: Open['kind']): readonly WireEvent[] {
    const closed = this.close()
    const id = this.#nextId(kind === 'message' ? 'msg' : 'rs')
    this.#open = { kind, id, text: '' }
    const at = this.#place(id)
    const item =
      kind === 'message'
        ? { type: 'message', id, status: 'in_progress', role: 'assistant', content: [] }
        : { type: 'reasoning', id, summary: [] }
    return [...closed, { type: ADDED, output_index: at.output_index, item }, ...BEGINNINGS[kind](at)]
  }

  /** A custom tool takes text as it is; a tool of a namespace is called by both names. */
  #call({ id, name: called, arguments: text }: Extract<Said, { type: 'toolCall' }>): readonly WireEvent[] {
    const closed = this.close()
    const tool = toolCalled(called, this.#tools)
    const name = tool?.name ?? called
    const namespace = typeof tool?.['namespace'] === 'string' ? { namespace: tool['namespace'] } : {}
    const isCustom = tool?.['type'] === 'custom'
    const [kind, key, prefix] = isCustom
      ? (['custom_tool_call', 'input', 'ctc'] as const)
      : (['function_call', 'arguments', 'fc'] as const)
    const made = { type: kind, id: this.#nextId(prefix), call_id: id, name, ...namespace }
    const item = { ...made, status: 'completed', [key]: text }
    const at = this.#place(made.id)
    this.#done.push(item)
    const changes = isCustom ? 'response.custom_tool_call_input' : 'response.function_call_arguments'
    return [
      ...closed,
      { type: ADDED, output_index: at.output_index, item: { ...made, status: 'in_progress', [key]: '' } },
      { type: `${changes}.delta`, ...at, delta: text },
      { type: `${changes}.done`, ...at, name, [key]: text },
      { type: 'response.output_item.done', output_index: at.output_index, item },
    ]
  }

  #nextId(prefix: string): string {
    return `${prefix}_${this.#id}_${this.#done.length}`
  }

  #place(id: string): Place {
    return { item_id: id, output_index: this.#done.length }
  }
}

interface Place {
  readonly item_id: string
  readonly output_index: number
}

const ADDED = 'response.output_item.added'

const textPart = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] })

const thoughtPart = (text: string) => ({ type: 'reasoning_text', text })

const messageItem = (id: string, text: string) => ({
  ...{ type: 'message', id, status: 'completed', role: 'assistant' },
  content: [textPart(text)],
})

/** In full it stands in `content`, as open models' servers give it; otherwise it is a summary. */
const reasoningItem = (id: string, kind: 'full' | 'summary', text: string) => ({
  ...{ type: 'reasoning', id, summary: kind === 'summary' && text !== '' ? [{ type: 'summary_text', text }] : [] },
  ...(kind === 'full' ? { content: [thoughtPart(text)] } : {}),
})

const DELTAS = {
  message: 'response.output_text.delta',
  full: 'response.reasoning_text.delta',
  summary: 'response.reasoning_summary_text.delta',
} as const

const PLACES = {
  message: { content_index: 0, logprobs: [] },
  full: { content_index: 0 },
  summary: { summary_index: 0 },
} as const

type Events = (at: Place) => readonly WireEvent[]

const BEGINNINGS: Readonly<Record<Open['kind'], Events>> = {
  message: (at) => [{ type: 'response.content_part.added', ...at, content_index: 0, part: textPart('') }],
  full: (at) => [{ type: 'response.content_part.added', ...at, content_index: 0, part: thoughtPart('') }],
  summary: (at) => [
    {
      type: 'response.reasoning_summary_part.added',
      ...at,
      summary_index: 0,
      part: { type: 'summary_text', text: '' },
    },
  ],
}

const ENDS: Readonly<Record<Open['kind'], (at: Place, text: string) => readonly WireEvent[]>> = {
  message: (at, text) => [
    { type: 'response.output_text.done', ...at, content_index: 0, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, content_index: 0, part: textPart(text) },
  ],
  full: (at, text) => [
    { type: 'response.reasoning_text.done', ...at, content_index: 0, text },
    { type: 'response.content_part.done', ...at, content_index: 0, part: thoughtPart(text) },
  ],
  summary: (at, text) => [
    { type: 'response.reasoning_summary_text.done', ...at, summary_index: 0, text },
    { type: 'response.reasoning_summary_part.done', ...at, summary_index: 0, part: { type: 'summary_text', text } },
  ],
}

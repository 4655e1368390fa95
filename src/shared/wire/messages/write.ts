import type { StopReason, Usage } from '../../../nouns/index.js'
import type { ResponseHead, Spoken } from '../dialect.js'
import { EXACT, KIND, UNSIGNED } from '../marks.js'
import { reasoningKind } from '../reasoning-kind.js'
import { shownArguments } from '../shown-arguments.js'
import { usageOn } from './usage.js'

/** An event of a stream, and the type that names it. */
export interface WireEvent {
  readonly type: string
  readonly [field: string]: unknown
}

type Reasoning = Extract<Spoken, { type: 'reasoning' }>

/** Names of the stop reasons in Messages. */
const STOP: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  other: 'end_turn',
}

/**
 * What a model says as the events of a `message` (docs.claude.com, "Streaming messages"): blocks one after the other, none of them empty.
 * Counts of tokens are known at the end alone: `message_start` has zeros, which `message_delta` replaces.
 */
export class EventWriter {
  readonly #head: ResponseHead
  #next = 0
  #open: { readonly kind: string; isSigned: boolean } | null = null
  #calls = 0
  #usage: Usage | undefined
  #raw: string | undefined

  constructor(head: ResponseHead) {
    this.#head = head
  }

  begin(): readonly WireEvent[] {
    const { id, model } = this.#head
    const message = {
      ...{ id: `msg_${id}`, type: 'message', role: 'assistant', model, content: [] },
      ...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: 0, output_tokens: 0 } },
    }
    return [{ type: 'message_start', message }]
  }

  events(spoken: Spoken): readonly WireEvent[] {
    switch (spoken.type) {
      case 'text':
        return spoken.text === ''
          ? []
          : [...this.#into('text', { type: 'text', text: '' }), this.#delta({ type: 'text_delta', text: spoken.text })]
      case 'reasoning':
        return this.#reasoning(spoken)
      case 'toolCall':
        return this.#call(spoken)
      case 'usage':
        this.#usage = spoken.usage
        return []
      case 'raw':
        this.#raw = spoken.text
        return []
      case 'stop':
        return [...this.#close(), this.#end(spoken.reason)]
    }
  }

  #reasoning(spoken: Reasoning): WireEvent[] {
    const { text, kind, signature } = spoken
    if (kind === 'hidden' && text === '') {
      if (signature === undefined) return []
      return [...this.#whole({ type: 'redacted_thinking', data: signature })]
    }
    const named = kind === reasoningKind({ model: this.#head.model, signed: signature !== undefined })
    const block = { type: 'thinking', thinking: '', signature: '', ...(named ? {} : { [KIND]: kind }) }
    const opened = text === '' && signature === undefined ? [] : this.#into(`thinking ${kind}`, block)
    return [
      ...opened,
      ...(text === '' ? [] : [this.#delta({ type: 'thinking_delta', thinking: text })]),
      ...(signature === undefined ? [] : this.#sign(signature)),
    ]
  }

  #sign(signature: string): WireEvent[] {
    if (this.#open !== null) this.#open.isSigned = true
    return [this.#delta({ type: 'signature_delta', signature }), ...this.#close()]
  }

  /** A call's text that is no object stands in one that shows it, since clients parse it. */
  #call({ id, name, arguments: exact }: Extract<Spoken, { type: 'toolCall' }>): WireEvent[] {
    this.#calls += 1
    const shown = shownArguments(exact)
    const beside = shown === exact ? {} : { [EXACT]: exact }
    const opened = this.#into(`call ${this.#calls}`, { type: 'tool_use', id, name, input: {}, ...beside })
    return [...opened, this.#delta({ type: 'input_json_delta', partial_json: shown }), ...this.#close()]
  }

  #end(reason: StopReason): WireEvent {
    const called = this.#calls > 0 && reason === 'stop'
    return {
      type: 'message_delta',
      delta: {
        stop_reason: called ? STOP['tool-calls'] : STOP[reason],
        stop_sequence: null,
        ...(this.#raw === undefined ? {} : { limi_raw: this.#raw }),
      },
      usage: this.#usage === undefined ? { output_tokens: 0 } : usageOn(this.#usage),
    }
  }

  /** Opens a block where another is open, or none. */
  #into(kind: string, block: object): WireEvent[] {
    if (this.#open?.kind === kind) return []
    const closed = this.#close()
    this.#open = { kind, isSigned: false }
    this.#next += 1
    return [...closed, { type: 'content_block_start', index: this.#next - 1, content_block: block }]
  }

  #whole(block: object): WireEvent[] {
    return [...this.#into('whole', block), ...this.#close()]
  }

  #delta(delta: object): WireEvent {
    return { type: 'content_block_delta', index: this.#next - 1, delta }
  }

  #close(): WireEvent[] {
    if (this.#open === null) return []
    const { kind, isSigned } = this.#open
    const isThinking = kind.startsWith('thinking')
    const signed = isThinking && !isSigned ? [this.#delta({ type: 'signature_delta', signature: UNSIGNED })] : []
    this.#open = null
    return [...signed, { type: 'content_block_stop', index: this.#next - 1 }]
  }
}

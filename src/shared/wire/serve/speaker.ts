import type { StopReason, Usage } from '../../../nouns/index.js'
import type { ChatModel, ModelEvent, ModelRequest } from '../../models/index.js'
import type { Spoken, WireProblem } from '../dialect.js'
import { failureProblem } from './problems.js'

/** What a model says next: something, nothing more, or what went wrong; `broken` where the connection is to break. */
export type Next = { readonly spoken: Spoken } | Wrong | null

export interface Wrong {
  readonly problem: WireProblem
  readonly broken: boolean
}

/** A model at work on one request. */
export interface Speaker {
  next(): Promise<Next>
  /** Grows while it speaks. */
  readonly warnings: readonly string[]
  /** What it told of its end. */
  readonly end: { readonly usage?: Usage; readonly stop?: StopReason }
  stop(): void
}

type Warning = Extract<ModelEvent, { type: 'warning' }>

export interface SpeakerOptions {
  /** What is odd before it speaks. */
  readonly known: readonly string[]
  readonly signal?: AbortSignal
  /** Whether a warning is reason to refuse the request, and in which words. */
  readonly refused?: (warning: Warning) => WireProblem | null
}

/** A connection that is to break, as a script says. */
const CUT = 'script.cut'

export function speakerOf(model: ChatModel, request: ModelRequest, options: SpeakerOptions): Speaker {
  const stopping = new AbortController()
  const signal = AbortSignal.any([stopping.signal, ...(options.signal === undefined ? [] : [options.signal])])
  const events = model.stream(request, signal)[Symbol.asyncIterator]()
  const warnings = [...options.known]
  const end: { usage?: Usage; stop?: StopReason } = {}
  const warned = (event: Warning): Wrong | null => {
    const problem = options.refused?.(event) ?? null
    if (problem === null) {
      warnings.push(event.text)
      return null
    }
    stopping.abort()
    return { problem, broken: false }
  }
  return {
    warnings,
    end,
    stop: () => stopping.abort(),
    async next() {
      for (let one = await events.next(); one.done !== true; one = await events.next()) {
        const event: ModelEvent = one.value
        if (event.type === 'failure') return { problem: failureProblem(event), broken: event.failure.code === CUT }
        const wrong = event.type === 'warning' ? warned(event) : null
        if (wrong !== null) return wrong
        if (event.type === 'usage') end.usage = event.usage
        if (event.type === 'stop') end.stop = event.reason
        if (event.type !== 'warning') return { spoken: event }
      }
      return null
    },
  }
}

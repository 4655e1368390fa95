import type { ChatModel, ModelEvent, ModelRequest } from '../../../models/index.js'
import { failureProblem, type Spoken, type WireProblem } from '../../../wire/index.js'

/** What a model says next: something, nothing more, or what went wrong; `broken` where the connection is to break. */
export type Next = { readonly spoken: Spoken } | { readonly problem: WireProblem; readonly broken: boolean } | null

/** A model at work on one request. */
export interface Speaker {
  next(): Promise<Next>
  /** Grows while it speaks. */
  readonly warnings: readonly string[]
  stop(): void
}

export function speakerOf(model: ChatModel, request: ModelRequest, known: readonly string[]): Speaker {
  const stopping = new AbortController()
  const events = model.stream(request, stopping.signal)[Symbol.asyncIterator]()
  const warnings = [...known]
  return {
    warnings,
    stop: () => stopping.abort(),
    async next() {
      for (let one = await events.next(); one.done !== true; one = await events.next()) {
        const event: ModelEvent = one.value
        if (event.type === 'failure') {
          return { problem: failureProblem(event), broken: event.failure.code === 'script.cut' }
        }
        if (event.type !== 'warning') return { spoken: event }
        warnings.push(event.text)
      }
      return null
    },
  }
}

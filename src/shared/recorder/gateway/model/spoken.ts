import type { ChatModel, ModelEvent, ModelRequest } from '../../../models/index.js'
import type { Spoken, WireProblem } from '../../../wire/index.js'
import { problemOf } from './problem-of.js'

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
          return { problem: problemOf(event), broken: event.failure.code === 'script.cut' }
        }
        if (event.type !== 'warning') return { spoken: event }
        warnings.push(event.text)
      }
      return null
    },
  }
}

/** What a promise gives, or `late` where it takes longer; the promise goes on. */
export async function within<T>(waited: Promise<T>, milliseconds: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), milliseconds)))
  try {
    return await Promise.race([waited, late])
  } finally {
    clearTimeout(timer)
  }
}

import { digestOfValue } from '../../project/index.js'
import type { Draft, FunctionCall } from './parts.js'

/**
 * Ids for the calls of one content that have none: the same for the same call in a response and in the requests that repeat it. A call
 * that a model makes again later has the same id again.
 */
export function idMaker(): (call: FunctionCall) => string {
  const seen = new Map<string, number>()
  return ({ name, args }) => {
    const id = `call_${digestOfValue({ name, args: args ?? {} })
      .replace(/^\w+:/, '')
      .slice(0, 16)}`
    const before = seen.get(id) ?? 0
    seen.set(id, before + 1)
    return before === 0 ? id : `${id}_${before + 1}`
  }
}

/** Calls that wait for their results. */
export class WaitingCalls {
  readonly #byId = new Map<string, boolean>()
  readonly #byName = new Map<string, { ids: string[]; next: number }>()

  add({ toolCalls = [] }: Draft): void {
    for (const { id, name } of toolCalls) {
      const queue = this.#byName.get(name) ?? { ids: [], next: 0 }
      queue.ids.push(id)
      this.#byName.set(name, queue)
      this.#byId.set(id, true)
    }
  }

  /** The result with the id of its call: its own where a call waits for that, otherwise that of the first call of its name. */
  answer(draft: Draft): Draft {
    const own = draft.toolCallId
    const id = own !== undefined && this.#byId.get(own) === true ? own : this.#firstOf(draft.gemini['name'])
    if (id === undefined) return draft
    this.#byId.set(id, false)
    if (id === own) return draft
    return { ...draft, toolCallId: id, gemini: { ...draft.gemini, ...(own === undefined ? {} : { id: own }) } }
  }

  #firstOf(name: unknown): string | undefined {
    const queue = typeof name === 'string' ? this.#byName.get(name) : undefined
    while (queue !== undefined && queue.next < queue.ids.length) {
      const id = queue.ids[queue.next]
      queue.next += 1
      if (id !== undefined && this.#byId.get(id) === true) return id
    }
    return undefined
  }
}

import type { RawHeaders } from '../headers.js'
import type { CallEnd } from '../log/index.js'
import type { Tap, TappedRequest } from '../tap.js'

export interface Heard {
  readonly request: TappedRequest
  readonly asked: Buffer[]
  readonly said: Buffer[]
  isAsked?: boolean
  status?: number
  headers?: RawHeaders
  how?: CallEnd
  problem?: string
}

export interface ListeningTap extends Tap {
  readonly calls: Heard[]
  ended(count: number): Promise<void>
  /** From now on there is no room, until what this gives is called. */
  fill(): () => void
}

/** Keeps all that it is told. */
export function listeningTap(): ListeningTap {
  const calls: Heard[] = []
  let full: Promise<void> | undefined
  return {
    calls,
    hasRoom: () => full === undefined,
    room: async () => full,
    fill() {
      let empty: (() => void) | undefined
      full = new Promise((resolve) => (empty = resolve))
      return () => {
        full = undefined
        empty?.()
      }
    },
    async ended(count) {
      while (calls.filter(({ how }) => how !== undefined).length < count) {
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    open(request) {
      const heard: Heard = { request, asked: [], said: [] }
      calls.push(heard)
      return {
        requestBytes: (bytes) => void heard.asked.push(Buffer.from(bytes)),
        requestEnd: (isWhole) => void (heard.isAsked = isWhole),
        response: (status, headers) => void Object.assign(heard, { status, headers }),
        responseBytes: (bytes) => void heard.said.push(Buffer.from(bytes)),
        end: (how, problem) => void Object.assign(heard, { how, problem }),
      }
    },
  }
}

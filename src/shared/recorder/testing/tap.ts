import type { CallEnd } from '../log/index.js'
import type { HeaderPairs } from '../redact/index.js'
import type { Tap, TappedRequest } from '../tap.js'

export interface Heard {
  readonly request: TappedRequest
  readonly asked: Buffer[]
  readonly said: Buffer[]
  isAsked?: boolean
  status?: number
  headers?: HeaderPairs
  how?: CallEnd
  problem?: string
}

/** Keeps all that it is told. */
export function listeningTap(): Tap & { readonly calls: Heard[]; ended(count: number): Promise<void> } {
  const calls: Heard[] = []
  return {
    calls,
    hasRoom: () => true,
    room: async () => undefined,
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

import fc from 'fast-check'
import { expect } from 'vitest'
import type { WireDialect, WireRequest } from '../dialect.js'
import { strayIn } from './prefix.js'
import { HEAD, spoken, streamed, told, toldBy } from './spoken.js'

export const REQUEST: WireRequest = {
  ...{ model: 'm', stream: true, messages: [], tools: [], params: {}, wantsSchema: false },
}

/** Whatever a model says comes back from a stream and from a document. */
export function comesBack(dialect: WireDialect, request: WireRequest = REQUEST): void {
  fc.assert(
    fc.property(spoken, (events) => {
      const stream = dialect.readResponse(streamed(dialect.streamWriter(HEAD, request), events), 200)
      const document = dialect.readResponse(JSON.stringify(dialect.wholeResponse(HEAD, events, [], request)), 200)
      for (const read of [stream, document]) {
        expect(toldBy(read.message)).toEqual(told(events))
        expect(read).toMatchObject({ complete: true, model: HEAD.model })
        expect(read.id).toContain(HEAD.id)
        expect(read.usage).toEqual(events.find((event) => event.type === 'usage')?.usage)
        expect(read.stop).toBe(events.find((event) => event.type === 'stop')?.reason)
        expect(read.error).toBeUndefined()
      }
      expect(document.message).toEqual(stream.message)
    }),
    { numRuns: 300 },
  )
}

/** A stream cut at any byte gives the beginning of what was said, and says that it was cut. @param last bytes without which it is not whole */
export function isCutCleanly(dialect: WireDialect, last: number): void {
  fc.assert(
    fc.property(spoken, (events) => {
      const bytes = Buffer.from(streamed(dialect.streamWriter(HEAD, REQUEST), events))
      const whole = dialect.readResponse(bytes.toString(), 200)
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = dialect.readResponse(bytes.subarray(0, length).toString(), 200)
        const stray = strayIn(cut, whole)
        if (stray !== null) expect.fail(`${stray} after ${length}: ${JSON.stringify(cut)}`)
      }
      expect(dialect.readResponse(bytes.subarray(0, -last).toString(), 200).complete).toBe(false)
    }),
    { numRuns: 15 },
  )
}

/** A document cut anywhere has no message, and nothing that may come throws. */
export function takesAnything(dialect: WireDialect): void {
  fc.assert(
    fc.property(spoken, (events) => {
      const body = JSON.stringify(dialect.wholeResponse(HEAD, events, [], REQUEST))
      for (let length = 0; length < body.length; length += 7)
        expect(dialect.readResponse(body.slice(0, length), 200)).toEqual({ complete: false })
    }),
    { numRuns: 20 },
  )
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((one) => `data: ${one}\n\n`),
  )
  fc.assert(
    fc.property(anything, fc.constantFrom(200, 500), (body, status) => {
      dialect.readResponse(body, status)
    }),
  )
}

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { WireRequest } from '../dialect.js'
import { HEAD, isPrefix, spoken, streamed, told, toldBy } from '../testing/spoken.js'
import { messages } from './index.js'

const REQUEST: WireRequest = { model: 'm', stream: true, messages: [], tools: [], params: {}, wantsSchema: false }

it('whatever a model says comes back from a stream and from a document', () => {
  fc.assert(
    fc.property(spoken, (events) => {
      const stream = messages.readResponse(streamed(messages.streamWriter(HEAD, REQUEST), events), 200)
      const document = messages.readResponse(JSON.stringify(messages.wholeResponse(HEAD, events, [])), 200)
      for (const read of [stream, document]) {
        expect(toldBy(read.message)).toEqual(told(events))
        expect(read).toMatchObject({ complete: true, model: HEAD.model, id: 'msg_x1' })
        expect(read.usage).toEqual(events.find((event) => event.type === 'usage')?.usage)
        expect(read.stop).toBe(events.find((event) => event.type === 'stop')?.reason)
        expect(read.error).toBeUndefined()
      }
      expect(document.message).toEqual(stream.message)
    }),
    { numRuns: 300 },
  )
})

it('a stream cut at any byte gives the beginning of what was said, and says that it was cut', () => {
  fc.assert(
    fc.property(spoken, (events) => {
      const bytes = Buffer.from(streamed(messages.streamWriter(HEAD, REQUEST), events))
      const whole = messages.readResponse(bytes.toString(), 200)
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = messages.readResponse(bytes.subarray(0, length).toString(), 200)
        if (cut.complete) expect(cut).toEqual(whole)
        else expect(isPrefix(cut, whole)).toBe(true)
      }
      expect(messages.readResponse(bytes.subarray(0, -3).toString(), 200).complete).toBe(false)
    }),
    { numRuns: 15 },
  )
}, 60_000)

it('a document cut anywhere, and whatever else comes, is read without a message', () => {
  fc.assert(
    fc.property(spoken, (events) => {
      const body = JSON.stringify(messages.wholeResponse(HEAD, events, []))
      for (let length = 0; length < body.length; length += 7)
        expect(messages.readResponse(body.slice(0, length), 200)).toEqual({ complete: false })
    }),
    { numRuns: 20 },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((one) => `data: ${one}\n\n`),
      ),
      fc.constantFrom(200, 500),
      (body, status) => {
        messages.readResponse(body, status)
      },
    ),
  )
})

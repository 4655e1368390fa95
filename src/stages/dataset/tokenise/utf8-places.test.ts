import fc from 'fast-check'
import { expect, it } from 'vitest'
import { utf8PlacesIn } from './utf8-places.js'

const anyText = fc
  .array(fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 300 })))
  .map((pieces) => pieces.join('').toWellFormed())

/** Lengths that are a multiple of the stride are an edge of their own. */
const text = fc.oneof(
  anyText,
  anyText.map((given) => given + 'é'.repeat(256 - (given.length % 256))),
)

it('counts bytes as UTF-8 does, in whatever order one asks', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 60 }), (given, asked) => {
      const places = utf8PlacesIn(given)
      const bytes = Buffer.from(given)
      expect(places.bytes).toBe(bytes.length)
      for (const number of [...asked, ...Array.from({ length: Math.min(20, given.length) }, (_, index) => index)]) {
        const unit = number % (given.length + 1)
        const before = given.slice(0, unit)
        const whole = before.isWellFormed() ? before : before.slice(0, -1)
        expect(places.toByte(unit)).toBe(Buffer.byteLength(whole))
        if (bytes.length === 0) continue
        const byte = number % bytes.length
        let start = byte
        while (((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1
        expect(places.toUnit(byte)).toBe(bytes.subarray(0, start).toString().length)
      }
    }),
    { numRuns: 300 },
  )
})

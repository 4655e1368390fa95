import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokensPerSecond, type TimedStep } from './speed.js'

/** Steps of `seconds` and 100 tokens each; the engine's clock counts whole seconds, and limi hears of all at a poll. */
const polled = (count: number, seconds: number, pollSeconds: number): TimedStep[] =>
  Array.from({ length: count }, (_, index) => {
    const done = (index + 1) * seconds
    return {
      tokens: (index + 1) * 100,
      at: Math.floor(done),
      heard: Math.ceil(done / pollSeconds) * pollSeconds + index / 1e6,
    }
  })

test('steps that come in one burst have the speed that their own clock tells', () => {
  const burst = polled(6, 20, 1_000)
  expect(tokensPerSecond(burst)).toBe(5)
  expect(tokensPerSecond(burst.slice(0, 1))).toBeNull()
})

test('without a clock of their own a burst tells no speed', () => {
  expect(tokensPerSecond(polled(6, 20, 1_000).map(({ tokens, heard }) => ({ tokens, heard })))).toBeNull()
})

test('whatever a step takes and however late it is heard of, the speed is right', () => {
  const given = fc.tuple(fc.double({ min: 0.05, max: 40, noNaN: true }), fc.integer({ min: 1, max: 60 }))
  fc.assert(
    fc.property(given, ([seconds, poll]) => {
      const steps = polled(300, seconds, poll)
      for (const count of [2, 5, 11, 50, 300]) {
        const found = tokensPerSecond(steps.slice(0, count))
        const truth = 100 / seconds
        if (found !== null) expect(found / truth).toBeLessThan(2.01)
        if (count * seconds > 22) expect((found ?? 0) / truth).toBeGreaterThan(0.89)
        if (count * seconds > 22) expect((found ?? 0) / truth).toBeLessThan(1.12)
      }
    }),
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lengthsOf, statisticsBy, statisticsOf } from './statistics.js'

const counted = fc.integer({ min: 0, max: 200_000 }).chain((tokens) =>
  fc.record({
    tokens: fc.constant(tokens),
    trainedTokens: fc.integer({ min: 0, max: tokens }),
    group: fc.constantFrom('code', 'research', '__proto__'),
  }),
)

describe('figures over samples', () => {
  it('are those of a hand-counted list', () => {
    const samples = [
      { tokens: 10, trainedTokens: 5 },
      { tokens: 30, trainedTokens: 5 },
      { tokens: 20, trainedTokens: 2 },
      { tokens: 100, trainedTokens: 20 },
    ]
    expect(statisticsOf(samples)).toEqual({
      samples: 4,
      tokens: 160,
      trainedTokens: 32,
      trainedShare: 0.2,
      meanTokens: 40,
      medianTokens: 20,
      maxTokens: 100,
    })
    expect(lengthsOf(samples)).toEqual([
      { from: 8, to: 16, samples: 1 },
      { from: 16, to: 32, samples: 2 },
      { from: 32, to: 64, samples: 0 },
      { from: 64, to: 128, samples: 1 },
    ])
  })

  it('of nothing are zeros', () => {
    expect(statisticsOf([])).toMatchObject({ samples: 0, meanTokens: 0, medianTokens: 0, maxTokens: 0 })
    expect(lengthsOf([])).toEqual([])
  })

  it('by group and by length count every sample once', () => {
    fc.assert(
      fc.property(fc.array(counted), (samples) => {
        const groups = statisticsBy(samples, ({ group }) => group)
        const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
        expect(sum(groups.map((group) => group.samples))).toBe(samples.length)
        expect(sum(groups.map((group) => group.tokens))).toBe(statisticsOf(samples).tokens)
        const bins = lengthsOf(samples)
        expect(sum(bins.map((bin) => bin.samples))).toBe(samples.length)
        for (const bin of bins)
          expect(samples.filter(({ tokens }) => tokens >= bin.from && tokens < bin.to)).toHaveLength(bin.samples)
      }),
    )
  })
})
